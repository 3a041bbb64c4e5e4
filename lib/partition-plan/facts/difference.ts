import type { Column } from "./read-table.ts";

/** What keeps a table from becoming a partition of another. */
export interface Difference {
  /** What is, then what to do. */
  words: string;
  /** What mends it without a scan under a lock and without a value lost or invented; null where a person has to. */
  mend:
    | { is: "owner"; to: string }
    | { is: "column"; column: Column }
    | { is: "not null"; name: string }
    | null;
}
