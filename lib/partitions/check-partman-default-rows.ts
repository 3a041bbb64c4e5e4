import { type CheckContext, defineCheck, type Limits, stateAt } from "../check.ts";
import { beyondCap, getRowsBeyond } from "../partition-facts/get-partman-beyond.ts";
import { readForest } from "../partition-facts/read-forest.ts";
import { counted } from "../words.ts";
import { type JudgedPartman, judgePartman, partmanIsWell } from "./judge-partman.ts";

/** Rows in a default partition where pg_partman is about to make partitions. */
export const partmanDefaultRows = defineCheck({
  id: "partitions.partman_default_rows",
  source: "the default partition, counted up to a limit",
  why: "pg_partman cannot make a partition over rows that stand in the default: any is one too many.",
  title: "Rows that stop pg_partman",
  unit: "count",
  path: "partitions",
  runbook:
    "The default partition holds rows beyond the newest partition. The server refuses the partition that they belong to while they are there, so pg_partman's maintenance fails, and for all its tables of that run. Move them out (partition_data_time or partition_data_proc of pg_partman, or the repair of this console once the table was left), then run the maintenance.",
  needs: "pg_partman, SELECT on its part_config and on the default partition.",
  thresholds: { warning: 1, critical: null, direction: "rising" },
  evaluate: (context, limitsFor) =>
    judgePartman(context, (judged) => judgeBeyond(context, judged, limitsFor(judged.object))),
});

async function judgeBeyond(context: CheckContext, { table, name, ours }: JudgedPartman, threshold: Limits) {
  if (ours || table.automatic === "off") return partmanIsWell(`pg_partman does not maintain ${name}.`);
  const { data: forest } = await readForest(context.audit);
  const parent = forest.roots
    .flatMap((root) => [root, ...descendants(forest, root.oid)])
    .find((node) => node.schema === table.schema && node.name === table.name);
  const cells = parent ? forest.children(parent.oid) : [];
  const fallback = cells.find(({ isDefault }) => isDefault);
  if (!parent || !fallback) return partmanIsWell(`${name} has no default partition.`);
  const others = cells.filter((cell) => cell !== fallback && !cell.detachPending);
  const { rows, unavailable } = await getRowsBeyond(context.audit, fallback, parent, others);
  if (rows === null)
    return {
      ...{ state: "unavailable" as const, value: null, threshold, since: null },
      words: {
        title: `Whether rows in the default partition of ${name} stop pg_partman is not known.`,
        detail: unavailable?.reason ?? "They could not be counted.",
      },
      ...(unavailable && { unavailable }),
    };
  const amount = rows >= beyondCap ? `at least ${beyondCap} rows` : counted(rows, "row");
  return {
    ...{ state: stateAt(rows, threshold), value: rows, threshold, since: null },
    words: {
      title: `The default partition of ${name} holds ${amount} beyond the newest partition.`,
      detail:
        "pg_partman's maintenance fails on the partition that they belong to. Move them out, then run it.",
    },
  };
}

function descendants(forest: Awaited<ReturnType<typeof readForest>>["data"], oid: number) {
  const children = forest.children(oid);
  return [...children, ...children.flatMap((child): typeof children => descendants(forest, child.oid))];
}
