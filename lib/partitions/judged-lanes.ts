import type { CheckAnswer, CheckContext, CheckObject, ObjectState } from "../check.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest } from "../partition-facts/read-forest.ts";
import type { DefaultPartition } from "../partition-facts/types.ts";
import { nameRelation } from "../quote-sql.ts";
import { buildLanes } from "./build-lanes.ts";
import { readDefaults } from "./read-defaults.ts";
import type { PartitionLane } from "./types.ts";

/** A lane as checks judge it. */
export interface JudgedLane {
  database: string;
  root: PartitionNode;
  lane: PartitionLane;
  /** How sentences call it: the table, with the branch where it has several. */
  name: string;
}

/** A table that could not be put together, so that none of its lanes is judged. */
export interface FailedTable {
  root: PartitionNode;
  thrown: unknown;
}

export interface JudgedTables {
  database: string;
  forest: Forest;
  lanes: JudgedLane[];
  failed: FailedTable[];
  /** Of each root, what is known about its default partitions, by oid. */
  defaults: ReadonlyMap<number, DefaultPartition>;
}

/** Every partitioned table of the connected database, put together once for all checks of an evaluation. */
export function readTables({ audit, now, once }: CheckContext): Promise<JudgedTables> {
  return once("partitions.tables", async () => {
    const { database } = await audit.server();
    const { data: forest } = await readForest(audit);
    const defaults = await readDefaults(audit, forest, forest.roots);
    const { lanes, failed } = buildEachTable(forest.roots, (root) =>
      buildLanes(forest, root, now, defaults).map((lane) => {
        const table = nameRelation(root);
        const name = lane.label === table ? table : `${table} (${lane.label})`;
        return { database, root, lane, name };
      }),
    );
    return { database, forest, lanes, failed, defaults };
  });
}

/** One table that cannot be judged leaves the others as they are. */
export function buildEachTable<Lane>(
  roots: readonly PartitionNode[],
  build: (root: PartitionNode) => Lane[],
): { lanes: Lane[]; failed: FailedTable[] } {
  const lanes: Lane[] = [];
  const failed: FailedTable[] = [];
  for (const root of roots) {
    try {
      lanes.push(...build(root));
    } catch (thrown) {
      failed.push({ root, thrown });
    }
  }
  return { lanes, failed };
}

/**
 * Every lane judged by one condition; one on which that throws is a state, `error`.
 * @param options.tellsFailures for the one check that has a state of tables that could not be put together, and says why
 *   to the log
 */
export async function judgeLanes(
  context: CheckContext,
  judge: (lane: JudgedLane) => ObjectState | readonly ObjectState[] | null,
  options: { tellsFailures?: boolean } = {},
): Promise<CheckAnswer> {
  const { database, lanes, failed } = await readTables(context);
  const told = options.tellsFailures ? failed : [];
  const objects = told.map(({ root }) =>
    couldNotBeJudged(relationObject(database, root), nameRelation(root)),
  );
  let thrown = told[0]?.thrown;
  for (const judged of lanes) {
    try {
      objects.push(...[judge(judged) ?? []].flat());
    } catch (failure) {
      thrown ??= failure;
      objects.push(couldNotBeJudged(relationObject(database, judged.lane), judged.name));
    }
  }
  return {
    objects,
    // What a lock hides is not gone, nor what could not be judged.
    complete: failed.length === 0 && objects.every(({ state }) => state !== "no_data" && state !== "error"),
    ...(thrown !== undefined && { thrown }),
  };
}

function couldNotBeJudged(object: CheckObject, name: string): ObjectState {
  const reason = "Judging it failed on an error of the console, which the worker's log has.";
  return {
    object,
    state: "error",
    value: null,
    threshold: null,
    since: null,
    words: { title: `The partitions of ${name} could not be judged.`, detail: reason },
    unavailable: { code: "insufficient_data", reason: `${name}: ${reason}` },
  };
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

/** A lane whose key does not say what is asked. Shown where the check is looked up, and no alarm. */
export function cannotBeJudged(
  { database, lane, name }: JudgedLane,
  what: "Runway" | "Gaps" | "Overlaps",
  why: string,
): ObjectState {
  const not = `${what} of ${name} ${what === "Runway" ? "is" : "are"} not judged`;
  const reason = `${not}: ${why}.`;
  return {
    object: relationObject(database, lane),
    state: "unavailable",
    value: null,
    threshold: null,
    since: null,
    words: { title: `${not}.`, detail: `${sentence(why)}.` },
    unavailable: { code: "unsupported", reason },
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
