import type { CheckAnswer, CheckContext, CheckObject, ObjectState } from "../check.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest } from "../partition-facts/read-forest.ts";
import { momentInWords } from "../words.ts";
import { buildLanes } from "./build-lanes.ts";
import { readDefaults } from "./get-lanes.ts";
import type { PartitionLane } from "./types.ts";

/** A lane as checks judge it. */
export interface JudgedLane {
  database: string;
  root: PartitionNode;
  lane: PartitionLane;
  /** How sentences call it: the table, with the branch where it has several. */
  name: string;
}

export interface JudgedTables {
  database: string;
  forest: Forest;
  lanes: JudgedLane[];
}

/** Every partitioned table of the connected database, put together once for all checks of an evaluation. */
export function readTables({ audit, now, once }: CheckContext): Promise<JudgedTables> {
  return once("partitions.tables", async () => {
    const { database } = await audit.server();
    const { data: forest } = await readForest(audit);
    const lanes: JudgedLane[] = [];
    for (const root of forest.roots) {
      for (const lane of buildLanes(forest, root, now, await readDefaults(audit, forest, root))) {
        const name = lane.label === root.name ? root.name : `${root.name} (${lane.label})`;
        lanes.push({ database, root, lane, name });
      }
    }
    return { database, forest, lanes };
  });
}

/** Every lane judged by one condition. */
export async function judgeLanes(
  context: CheckContext,
  judge: (lane: JudgedLane) => ObjectState | readonly ObjectState[] | null,
): Promise<CheckAnswer> {
  const { lanes } = await readTables(context);
  const objects = lanes.flatMap((lane) => judge(lane) ?? []);
  // What a lock hides is not gone.
  return { objects, complete: objects.every(({ state }) => state !== "no_data") };
}

type Relation = CheckObject & { kind: "relation" };

export function relationObject(
  database: string,
  { schema, name, oid }: { schema: string; name: string; oid: number },
  part?: string,
): Relation {
  return { kind: "relation", database, schema, name, oid, ...(part !== undefined && { part }) };
}

/** A lane of which there is nothing to tell. */
export function laneIsWell({ database, lane }: JudgedLane, title: string): ObjectState {
  return {
    object: relationObject(database, lane),
    state: "ok",
    value: null,
    threshold: null,
    since: null,
    words: { title, detail: "Nothing needs doing." },
  };
}

/** A lane whose bounds somebody's lock hides. */
export function boundsAreHidden({ database, lane, name }: JudgedLane, what: string): ObjectState {
  const hidden = `${lane.unknownBounds} ${lane.unknownBounds === 1 ? "partition" : "partitions"}`;
  return {
    object: relationObject(database, lane),
    state: "no_data",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `${what} of ${name} cannot be judged just now.`,
      detail: `The bounds of ${hidden} are hidden by somebody's lock.`,
    },
    unavailable: { code: "insufficient_data", reason: "A lock hides partition bounds." },
  };
}

export function spanInWords({ from, to }: { from: string; to: string }): string {
  return `${momentInWords(from)} to ${momentInWords(to)} UTC`;
}
