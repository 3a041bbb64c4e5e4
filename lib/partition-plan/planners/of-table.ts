import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import type { Draft, StepData } from "../types.ts";

/** What one kind of work adds to the draft. */
export type Work = Pick<Draft, "steps"> & Partial<Pick<Draft, "refusals" | "notes" | "irreversible">>;

/** A step that holds up no other table's. */
export const ofTable = (step: StepData, { schema, name }: TableName): StepData => ({
  ...step,
  group: quoteQualified(schema, name),
});
