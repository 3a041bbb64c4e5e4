import { defineCheck } from "../check.ts";
import { type JudgedPartman, judgePartman, partmanIsWell } from "./judge-partman.ts";

/** Tables on pg_partman's list that its maintenance passes by. */
export const partmanOff = defineCheck({
  id: "partitions.partman_off",
  source: "part_config.automatic_maintenance, undo_in_progress",
  why: "A setting, not a figure: it is so or not.",
  title: "Maintenance of pg_partman off",
  unit: null,
  path: "partitions",
  runbook:
    "pg_partman has the table on its list and leaves it alone: automatic_maintenance is off, or an undo was begun and not ended. Unless somebody runs its maintenance for this table by name, nobody makes the next partitions. Turn it on again (UPDATE part_config SET automatic_maintenance = 'on'), or approve upkeep of this console for the table.",
  needs: "pg_partman, and SELECT on its part_config.",
  thresholds: null,
  evaluate: (context) => judgePartman(context, judgeOff),
});

export function judgeOff({ table, name, ours }: Pick<JudgedPartman, "table" | "name" | "ours">) {
  const { automatic, undoInProgress, installation, parentTable } = table;
  if (ours) return partmanIsWell(`The upkeep of this console makes the partitions of ${name}.`);
  if (automatic !== "off" && !undoInProgress)
    return partmanIsWell(`pg_partman makes the partitions of ${name}.`);
  const row = `${installation.schema}.part_config, parent_table ${parentTable}`;
  return {
    ...{ state: "warning" as const, value: null, threshold: null, since: null },
    words: {
      title: undoInProgress
        ? `pg_partman is undoing the partitions of ${name}, and makes no more.`
        : `pg_partman's automatic maintenance of ${name} is off.`,
      detail: `Nobody makes its next partitions by the clock (${row}). Turn it on, or approve upkeep for the table.`,
    },
  };
}
