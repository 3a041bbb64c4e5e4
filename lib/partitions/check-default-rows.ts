import { defineCheck, type LimitsFor, type Mend, type ObjectState, stateAt } from "../check.ts";
import { defaultRowsCap } from "../partition-facts/get-default-rows.ts";
import type { DefaultPartition } from "../partition-facts/types.ts";
import { nameRelation } from "../quote-sql.ts";
import { counted } from "../words.ts";
import { readTables, relationObject } from "./judged-lanes.ts";
import { defaultsBelow } from "./read-defaults.ts";
import { partitionThresholds } from "./thresholds.ts";

/** Rows that fit no other partition. */
export const defaultRows = defineCheck({
  id: "partitions.default_rows",
  source: "the default partition, counted up to a limit",
  why: "Any row there is one that fits no partition, and the number grows until its partition exists.",
  title: "Rows in a default partition",
  unit: "count",
  path: "partitions",
  runbook:
    "The rows fit no other partition: their time lies in a gap, beyond the last partition, or is wrong. A partition for their stretch cannot be attached before they are moved (ATTACH scans the default partition under a lock), and retention by dropping partitions misses them. Move them into a table of their stretch in one transaction, attach that, and see where they come from.",
  needs: "SELECT on the default partition to count; without it the statistics' estimate stands in.",
  thresholds: { ...partitionThresholds.defaultRows, direction: "rising" },
  async evaluate(context, limitsFor) {
    const { database, forest, defaults } = await readTables(context);
    const objects = forest.roots.flatMap((root) =>
      defaultsBelow(forest, root).flatMap(({ oid }) => {
        const fallback = defaults.get(oid);
        return fallback ? judgeDefault({ database, name: nameRelation(root), fallback }, limitsFor) : [];
      }),
    );
    return { objects, complete: objects.every(({ state }) => state !== "no_data") };
  },
});

function emptyDefault({ schema, name }: DefaultPartition): Mend {
  return {
    words: "Give its rows partitions",
    request: { verb: "repair", partition: { schema, name } },
  };
}

export function judgeDefault(
  { database, name, fallback }: { database: string; name: string; fallback: DefaultPartition },
  limitsFor: LimitsFor,
): ObjectState {
  const object = relationObject(database, fallback);
  const threshold = limitsFor(object);
  const rows = fallback.rows ?? fallback.rowsEstimated;
  const amount = fallback.capped
    ? `at least ${defaultRowsCap} rows`
    : `${fallback.rows === null ? "about " : ""}${counted(rows ?? 0, "row")}`;
  if (rows === null)
    return {
      ...{ object, state: "no_data", value: null, threshold, since: null },
      words: {
        title: `How many rows the default partition ${nameRelation(fallback)} of ${name} holds is not known.`,
        detail: fallback.unavailable?.reason ?? "It was dropped a moment ago.",
      },
      ...(fallback.unavailable && { unavailable: fallback.unavailable }),
    };
  const state = stateAt(rows, threshold);
  return {
    object,
    state,
    value: rows,
    threshold,
    since: null,
    words: {
      title: `The default partition ${nameRelation(fallback)} of ${name} holds ${amount}.`,
      detail:
        "They fit no other partition. A partition for their stretch cannot be attached before they are moved, and retention by dropping partitions misses them.",
      ...(state !== "ok" && { mends: emptyDefault(fallback) }),
    },
  };
}
