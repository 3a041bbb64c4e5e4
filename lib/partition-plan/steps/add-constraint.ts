import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";
import { lookAtConstraint } from "./validate-constraint.ts";

export interface AddConstraint {
  table: TableName;
  name: string;
  /** `CHECK (…)` or `FOREIGN KEY (…) REFERENCES …`. */
  definition: string;
  /** Of a foreign key, qualified and quoted. */
  refersTo: string | null;
}

/** Adds a condition that no row is looked at for yet: it holds for new rows at once. */
export const addConstraintStep = defineStep<AddConstraint>({
  kind: "addConstraint",
  plan({ table, name, definition, refersTo }) {
    const on = quoteQualified(table.schema, table.name);
    return {
      words: `Add constraint ${quoteIdentifier(name)} to ${on}`,
      sql: [`ALTER TABLE ${on} ADD CONSTRAINT ${quoteIdentifier(name)} ${definition} NOT VALID`],
      locks: refersTo
        ? [on, refersTo].map(
            (relation) => ({ relation, mode: "SHARE ROW EXCLUSIVE", stops: "writes" }) as const,
          )
        : [{ relation: on, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" }],
      scans: null,
      moves: null,
      estimate: inNoTime,
    };
  },
  look: async (sql, { table, name }) => {
    const state = await lookAtConstraint(sql, table, name);
    return state === "absent" ? "not done" : state === "missing" ? "missing" : "done";
  },
});
