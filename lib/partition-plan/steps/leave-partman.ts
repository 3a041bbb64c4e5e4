import { quoteQualified, quoteText } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";

export interface LeavePartman {
  /** Where pg_partman stands. */
  schema: string;
  /** As its configuration has the table. */
  parentTable: string;
}

/** Turns pg_partman's automatic maintenance of a table off: its row stays with all its settings, and the way back is one word. */
export const leavePartmanStep = defineStep<LeavePartman>({
  kind: "leavePartman",
  plan: ({ schema, parentTable }) => ({
    words: `Turn pg_partman's automatic maintenance of ${parentTable} off`,
    sql: [
      `UPDATE ${quoteQualified(schema, "part_config")} SET automatic_maintenance = 'off' WHERE parent_table = ${quoteText(parentTable)}`,
    ],
    locks: [],
    scans: null,
    moves: null,
  }),
  async look(sql, { schema, parentTable }) {
    const [row] = await sql<{ automatic: string }[]>`
      select automatic_maintenance as automatic from ${sql(schema)}.part_config where parent_table = ${parentTable}`;
    if (!row) return "missing";
    return row.automatic === "off" ? "done" : "not done";
  },
});
