import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import type { Difference } from "../facts/difference.ts";
import type { Cut, TableFacts } from "../facts/read-adoption.ts";
import type { Place } from "./find-place.ts";

/** A table that stands by itself, and where it is to hang: what the steps of an attach are made of. */
export interface Adoption {
  child: TableFacts;
  parent: TableFacts;
  cut: Cut;
  place: Place;
  /** What is mended on the way. */
  mends: NonNullable<Difference["mend"]>[];
  /** The longest that writers may be made to queue, in milliseconds. */
  lockTimeoutMs: number;
}

export const named = ({ schema, name }: TableName) => quoteQualified(schema, name);
export const nameOf = ({ schema, name }: TableName): TableName => ({ schema, name });
