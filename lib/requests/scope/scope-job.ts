import { z } from "zod";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { erasureContext } from "../../privacy/erasure/erasure-context.ts";
import { type RequestRow, requireRequest, withRequestPerson } from "../read-request.ts";
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
import { type BegunScope, beginScope, failScope, finishScope, type Scoped } from "./record-scope.ts";
import { emptyScope, sumScope } from "./sum-scope.ts";
import type { TargetWitness } from "./witness.ts";

/** What an earlier attempt had found. */
interface Place {
  targets: ScopeTarget[];
  witness: TargetWitness[];
  looked: SearchFound[];
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
      return await job.once("scope made", (tx) => finishScope(tx, job, row, scope, { ...place, targets }));
    } catch (thrown) {
      if (!job.signal.aborted) await job.once("scope failed", (tx) => failScope(tx, job, row, scope, thrown));
      throw thrown;
    }
  },
});

/** Of one that the version before kept, what it looked through is looked through anew. */
function restoredPlace({ restored }: JobContext): Place | null {
  const place = restored as Place | null;
  return place && { ...place, looked: place.looked.filter(({ nextBlock }) => nextBlock !== undefined) };
}

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
