import type { Sql } from "postgres";
import type { StepPlan } from "./define-step.ts";
import { digestPlan } from "./digest-plan.ts";
import { type Estimated, estimateOfAll, estimateSteps, readsOf } from "./estimates/estimate-steps.ts";
import { readSizes } from "./estimates/read-sizes.ts";
import { findBlockers, findSnapshots } from "./find-blockers.ts";
import type { Planner, PlanningContext } from "./planners.ts";
import { plannersByVerb } from "./planners-by-verb.ts";
import { readJoinedLocks } from "./read-joined-locks.ts";
import { readOwner } from "./read-owner.ts";
import type { PlanRequest, PlanVerb } from "./request.ts";
import { stepKind } from "./steps.ts";
import type { Blocker, Draft, Plan, PlannedStep, StepLock } from "./types.ts";

/**
 * Says what would be done, with which locks, and who is in the way: looks, and changes nothing.
 * @param lockTimeoutMs the longest that writers may be made to queue behind one attempt
 * @throws AppError NOT_FOUND, BAD_INPUT, UNSUPPORTED from the verb's planner
 */
export async function makePlan(
  given: Omit<PlanningContext, "lockTimeoutMs">,
  request: PlanRequest,
  lockTimeoutMs: number,
): Promise<Plan> {
  const { audit, now } = given;
  const planner = plannersByVerb[request.verb] as Planner<PlanVerb>;
  const draft = await planner({ ...given, lockTimeoutMs }, request);
  const { runsAs, refusal } = await readOwner(audit, draft.table);
  const looked = await audit.use("watch", "partitions.plan", async (sql) => {
    const told = await planSteps(sql, draft.steps);
    return {
      told,
      sizes: await readSizes(sql, told.flatMap(readsOf)),
      blockers: await blockersOf(sql, told),
    };
  });
  const estimated = await estimateSteps(audit, looked.told, {
    sizes: looked.sizes,
    took: given.took ?? [],
    runsAs,
  });
  const steps = looked.told.map(
    ({ awaits: _, estimate: _1, assumed: _2, reads: _3, kind: _4, ...step }, i): PlannedStep => ({
      ...step,
      ...(estimated[i] as Estimated),
    }),
  );
  return {
    request: draft.request,
    target: audit.target,
    table: draft.table,
    title: draft.title,
    steps,
    refusals: [...(refusal ? [refusal] : []), ...(draft.refusals ?? [])],
    notes: draft.notes ?? [],
    irreversible: draft.irreversible ?? null,
    blockers: looked.blockers,
    ...estimateOfAll(steps),
    lockTimeoutMs,
    runsAs,
    digest: digestPlan(steps, draft.witnesses),
    observedAt: now,
  };
}

type Looked = Omit<PlannedStep, keyof Estimated> &
  Pick<StepPlan, "awaits" | "estimate" | "assumed" | "reads"> & { kind: string };

/** Steps as people see them. What foreign keys join is asked once for each table. */
async function planSteps(sql: Sql, drafted: Draft["steps"]): Promise<Looked[]> {
  const joined = new Map<string, Promise<StepLock[]>>();
  const steps: Looked[] = [];
  for (const step of drafted) {
    const kind = stepKind(step.kind);
    const { joins, ...told } = kind.plan(step.params);
    const key = joins && JSON.stringify(joins);
    if (joins && key && !joined.has(key)) joined.set(key, readJoinedLocks(sql, joins));
    const locks = [...told.locks, ...((key && (await joined.get(key))) || [])];
    steps.push({
      ...told,
      id: idOf(told.words, steps),
      alone: kind.alone === true,
      locks: strongest(locks),
      kind: step.kind,
      step,
    });
  }
  return steps;
}

/** Of several on one relation the one that conflicts with most. */
function strongest(locks: readonly StepLock[]): StepLock[] {
  const rank = ["ACCESS SHARE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "ACCESS EXCLUSIVE"];
  const byRelation = new Map<string, StepLock>();
  for (const lock of locks) {
    const known = byRelation.get(lock.relation);
    if (!known || rank.indexOf(lock.mode) > rank.indexOf(known.mode)) byRelation.set(lock.relation, lock);
  }
  return [...byRelation.values()];
}

/** `create public.audit_log_standard_2027_01`: the same in each plan that has this step. */
function idOf(words: string, before: readonly Pick<PlannedStep, "words">[]): string {
  const id = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  const times = before.filter((step) => step.words === words).length;
  return times === 0 ? id : `${id} (${times + 1})`;
}

async function blockersOf(sql: Sql, steps: readonly Looked[]): Promise<Blocker[]> {
  const blockers = await findBlockers(sql, strongest(steps.flatMap(({ locks }) => locks)));
  const waiting = steps.find(({ awaits }) => awaits !== undefined);
  const relation = waiting?.locks[0]?.relation;
  if (!waiting || relation === undefined) return [...blockers];
  if (waiting.awaits === "snapshots") return [...blockers, ...(await findSnapshots(sql, relation))];
  // Every lock there is conflicts with the strongest.
  const lockers = await findBlockers(sql, [{ relation, mode: "ACCESS EXCLUSIVE" }]);
  const known = new Set(blockers.map(identify));
  return [...blockers, ...lockers.filter((blocker) => !known.has(identify(blocker)))];
}

const identify = ({ pid, relation }: Blocker) => `${pid} ${relation}`;
