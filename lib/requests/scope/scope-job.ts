import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { toAppError } from "../../errors.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { erasureContext } from "../../privacy/erasure-context.ts";
import { counted } from "../../words.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { lockRequest, type RequestRow, requireRequest, withRequestPerson } from "../read-request.ts";
import type { ScopeTarget } from "../scope-types.ts";
import { createMatcher } from "../search/needles.ts";
import type { SearchFound } from "../search/steps.ts";
import { targetsOf } from "../targets-of.ts";
import { clearMost } from "./clear.ts";
import { type CountedTarget, countTarget } from "./count-target.ts";
import { findClear } from "./find-clear.ts";
import { findOwnClear } from "./find-own-clear.ts";
import { keepClear, readKeptClear } from "./keep-clear.ts";
import { keysOn, type PersonKeys, readPersonKeys } from "./person-keys.ts";
import { readPolicyLaw } from "./policy-law.ts";
import { emptyScope, sumScope } from "./sum-scope.ts";
import type { ScopeWitness, TargetWitness } from "./witness.ts";

interface BegunScope {
  id: string;
  thorough: boolean;
}

/** What an earlier attempt had found. */
interface Place {
  targets: ScopeTarget[];
  witness: TargetWitness[];
  looked: SearchFound[];
}

export interface Scoped {
  events: number;
  clear: number;
  /** Names of targets that could not be asked. */
  unknown: string[];
}

/** Counts what there is of the person whom a request is about, on each of its targets; changes nothing anywhere. */
export const scopeJob = defineJob({
  name: "privacy.scope",
  title: "Count what there is of a person",
  input: z.strictObject({ request: z.uuid() }),
  oneAtATime: false,
  async run(job, { request }): Promise<Scoped> {
    const { db } = job.console;
    const row = await requireRequest(db, request);
    const scope = await job.once("scope begun", (tx) => beginScope(tx, job, row));
    try {
      const { thorough } = scope;
      const place = restoredPlace(job) ?? (await count(job, row, scope));
      const targets = thorough ? await withClear(job, row, scope, place) : place.targets;
      return await job.once("scope made", (tx) => finish(tx, job, row, scope, { ...place, targets }));
    } catch (thrown) {
      if (!job.signal.aborted) await job.once("scope failed", (tx) => fail(tx, job, row, scope, thrown));
      throw thrown;
    }
  },
});

/** Of one that the version before kept, what it looked through is looked through anew. */
function restoredPlace({ restored }: JobContext): Place | null {
  const place = restored as Place | null;
  return place && { ...place, looked: place.looked.filter(({ nextBlock }) => nextBlock !== undefined) };
}

/** The row that was made for this job, or one of its own: as thorough as the one that failed before it. */
async function beginScope(tx: Tx, job: JobContext, row: RequestRow): Promise<BegunScope> {
  const { requestScope } = schema;
  const [found] = await tx
    .select()
    .from(requestScope)
    .where(eq(requestScope.requestId, row.id))
    .orderBy(desc(requestScope.beganAt))
    .limit(1);
  const asked = (found?.witness as ScopeWitness | undefined)?.thorough;
  if (found?.state === "running") {
    await tx.update(requestScope).set({ jobId: job.id }).where(eq(requestScope.id, found.id));
    return { id: found.id, thorough: asked ?? isThorough(row) };
  }
  const now = job.now();
  const thorough = (found?.state === "failed" ? asked : undefined) ?? isThorough(row);
  const begun = { id: uuidV7(now.getTime()), thorough };
  await tx.insert(requestScope).values({
    id: begun.id,
    requestId: row.id,
    state: "running",
    beganAt: now,
    jobId: job.id,
    witness: { thorough: begun.thorough, targets: [] } satisfies ScopeWitness,
  });
  return begun;
}

/** Whether all events are looked through for identifiers in clear, where nobody says so. */
export const isThorough = ({ kind }: Pick<RequestRow, "kind">) => kind === "erasure";

async function count(job: JobContext, row: RequestRow, { id, thorough }: BegunScope): Promise<Place> {
  const context = erasureContext(job.console, job.now);
  const person = await readPersonKeys(job.console, row);
  const names = targetsOf(row);
  const lawOf = await readPolicyLaw(job.console.db, row.organizations);
  const place: Place = { targets: [], witness: [], looked: [] };
  for (const [nth, name] of names.entries()) {
    job.signal.throwIfAborted();
    job.progress(nth, names.length, "targets");
    const found = await countTarget(context, person, name);
    const { facts, holds, witness } = found;
    const { restricted } = person;
    const summed = facts
      ? sumScope({ target: name, facts, holds, restricted, lawOf, now: job.now() })
      : emptyScope(name, witness.problem);
    place.targets.push({ ...summed, ...(thorough ? {} : await ownClear(job, row, id, person, found)) });
    place.witness.push(witness);
  }
  job.progress(names.length, names.length, "targets");
  await job.checkpoint(place);
  return place;
}

async function ownClear(
  { console, now }: JobContext,
  row: RequestRow,
  scope: string,
  { keys, organizations }: PersonKeys,
  { target, facts }: CountedTarget,
) {
  if (!facts || facts.grain.length === 0) return {};
  const audit = erasureContext(console, now).openTarget(target);
  const clearEvents = await withRequestPerson(console.db, row, ({ identifiers }) =>
    findOwnClear(
      audit,
      { keys: keysOn(keys, target), organizations },
      facts.grain,
      createMatcher(identifiers),
      (events) => keepClear(console.sql, { scope, target }, events),
    ),
  );
  return { clearEvents, clear: await readKeptClear(console.sql, { scope, target }, clearMost) };
}

/** All events of the targets looked through, a part of a table at a time. */
async function withClear(
  job: JobContext,
  row: RequestRow,
  { id: scope }: BegunScope,
  place: Place,
): Promise<ScopeTarget[]> {
  const { sql } = job.console;
  const found = await findClear({
    request: row.id,
    targets: place.targets.filter(({ problem }) => problem === null).map(({ target }) => target),
    openTarget: erasureContext(job.console, job.now).openTarget,
    signal: job.signal,
    before: place.looked,
    onEvents: (target, events) => keepClear(sql, { scope, target }, events),
    async onStep(looked, total) {
      job.progress(looked.length, total, "parts of tables");
      await job.checkpoint({ ...place, looked });
    },
  });
  const targets: ScopeTarget[] = [];
  for (const one of place.targets) {
    const own = found.get(one.target);
    const clear = own ? await readKeptClear(sql, { scope, target: one.target }, clearMost) : one.clear;
    targets.push({ ...one, ...own, clear, problem: own?.problem ?? one.problem });
  }
  return targets;
}

async function finish(
  tx: Tx,
  job: JobContext,
  read: RequestRow,
  { id, thorough }: BegunScope,
  { targets, witness: counts }: Place,
): Promise<Scoped> {
  const { requestScope } = schema;
  const now = job.now();
  const scoped: Scoped = {
    events: targets.reduce((sum, { events }) => sum + events, 0),
    clear: targets.reduce((sum, { clearEvents }) => sum + clearEvents, 0),
    unknown: targets.filter(({ problem }) => problem !== null).map(({ target }) => target),
  };
  const unread = new Map(targets.map(({ target, problem }) => [target, problem]));
  await tx
    .update(requestScope)
    .set({
      state: "done",
      madeAt: now,
      targets,
      witness: {
        thorough,
        targets: counts.map((one) => ({ ...one, problem: unread.get(one.target) ?? one.problem })),
      },
    })
    .where(eq(requestScope.id, id));
  const row = await lockRequest(tx, read.id);
  await writeRequestEvent(tx, row, { kind: "scoped", actor: null, now, facts: { scope: id, ...scoped } });
  // Somebody may have withdrawn it meanwhile: then the count stands, and leads nowhere.
  if (row.state === "scoping")
    await moveRequest(tx, row, "finish_scope", { actor: null, now, set: { scopeId: id, problem: null } });
  job.log(`${counted(scoped.events, "event")} on ${counted(targets.length, "target")}.`);
  return scoped;
}

async function fail(
  tx: Tx,
  job: JobContext,
  { id: requestId }: RequestRow,
  { id }: BegunScope,
  thrown: unknown,
): Promise<void> {
  const { code } = toAppError(thrown);
  const now = job.now();
  await tx
    .update(schema.requestScope)
    .set({ state: "failed", madeAt: now })
    .where(eq(schema.requestScope.id, id));
  const row = await lockRequest(tx, requestId);
  if (row.state === "scoping")
    await moveRequest(tx, row, "fail", { actor: null, now, set: { problem: code }, facts: { code } });
}
