import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";
import { lookAtDetach } from "./look-at-detach.ts";

export interface DetachUnderLock {
  parent: TableName;
  child: TableName;
  /** The CHECK that it keeps, not yet validated; null where it has one that says the same. */
  check: { name: string; condition: string } | null;
  /** What makes the triggers anew that go with the detach: never a moment without them. */
  triggers: string[];
}

/** What is left where a default partition stands beside it: readers and writers of the whole table wait for it. */
export const detachUnderLockStep = defineStep<DetachUnderLock>({
  kind: "detachUnderLock",
  plan({ parent, child, check, triggers }) {
    const [table, partition] = [parent, child].map(({ schema, name }) => quoteQualified(schema, name));
    const keep =
      check &&
      `ALTER TABLE ${partition} ADD CONSTRAINT ${quoteIdentifier(check.name)} CHECK ${check.condition} NOT VALID`;
    return {
      words: `Detach ${partition} under a lock`,
      sql: [
        `ALTER TABLE ${table} DETACH PARTITION ${partition}`,
        ...(keep === null ? [] : [keep]),
        ...triggers,
      ],
      locks: [
        { relation: `${table}`, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
        { relation: `${partition}`, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
      ],
      scans: null,
      moves: null,
      estimate: inNoTime,
      joins: { table: parent, change: "detach" },
    };
  },
  look: async (sql, { parent, child }) => {
    const state = await lookAtDetach(sql, parent, child);
    return state === "attached" || state === "pending" ? "not done" : state;
  },
});
