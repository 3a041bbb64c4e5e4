import { z } from "zod";
import { isAway } from "../../audit-db/while-up.ts";
import { isConsoleOutage } from "../../db/errors.ts";
import { env } from "../../env.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { erasureContext } from "../../privacy/erasure/erasure-context.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { runSearch } from "../search/run-search.ts";
import { addFound, leftOf, type SearchFound } from "../search/steps.ts";
import { targetsOf } from "../targets-of.ts";
import { waitForAway } from "../wait-for-away.ts";
import { beyondPlaces } from "./beyond-places.ts";
import { confirmProcesses } from "./confirm-processes.ts";
import { addGrounds, type EventGround, eventGrounds, type GroundsOf } from "./event-grounds.ts";
import { dropEverywhere } from "./evict-answers.ts";
import { isDetached, judgeFound } from "./judge-found.ts";
import { planScan } from "./plan-scan.ts";
import { beginScan, failScan, finishScan, type Scanned } from "./record-scan.ts";

/** What was looked at: answers without the events that they told, and why these stay. */
interface Place {
  done: SearchFound[];
  /** By the key of a step. */
  grounds: Record<string, EventGround[]>;
  /** How often something had to be waited for. */
  waited: number;
}

/** Looks for every identifier of a request in every place, after an erasure; a place that was looked at is not looked at again. */
export const scanJob = defineJob({
  name: "privacy.scan",
  title: "Look for what is left of a person",
  input: z.strictObject({ request: z.uuid() }),
  oneAtATime: false,
  async run(job, { request }): Promise<Scanned> {
    const row = await requireRequest(job.console.db, request);
    const scan = await job.once("scan begun", (tx) => beginScan(tx, job, request));
    try {
      const places = await lookEverywhere(job, row);
      return await job.once("scan done", (tx) => finishScan(tx, job, row, scan, places));
    } catch (thrown) {
      if (!job.signal.aborted) await job.once("scan failed", (tx) => failScan(tx, job, row.id, scan, thrown));
      throw thrown;
    }
  },
});

async function lookEverywhere(job: JobContext, row: RequestRow): Promise<ScanPlace[]> {
  const context = erasureContext(job.console, job.now);
  const { auditTargets, openTarget } = context;
  const settings = env();
  const targets = targetsOf(row);
  const untold = await dropEverywhere(auditTargets, openTarget);
  const { steps, others, away } = await planScan(job.console, targets, openTarget, settings);
  const { done, grounds, waited } = restoredPlace(job);
  const known = new Map<string, Promise<GroundsOf>>();
  const groundsOf = (target: string) => {
    const found = known.get(target) ?? eventGrounds(context, row, target);
    known.set(target, found);
    return found;
  };
  const whole = () => done.filter(({ nextBlock }) => nextBlock === null).length;
  job.progress(whole(), steps.length, "steps");
  // What could not be dropped would be found: it is looked for once it was.
  const now = steps.filter(({ kind }) => kind !== "redis" || untold === null);
  for await (const found of runSearch(
    { request: row.id, steps: leftOf(now, done) },
    { signal: job.signal },
  )) {
    if (found.away) {
      away.push(found.problem ?? found.key);
      continue;
    }
    const step = steps.find(({ key }) => key === found.key);
    if (step?.kind === "rows" && step.target !== null && found.events.length > 0 && !isDetached(step))
      try {
        const more = await (await groundsOf(step.target))(found.events);
        grounds[step.key] = addGrounds(grounds[step.key] ?? [], more);
      } catch (thrown) {
        if (!isAway(thrown) || isConsoleOutage(thrown)) throw thrown;
        away.push(thrown.message);
        continue;
      }
    addFound(done, found);
    job.progress(whole(), steps.length, "steps");
    await job.checkpoint({ done, grounds, waited } satisfies Place);
  }
  const processes = await confirmProcesses(job.console, job.now());
  const beyond = await beyondPlaces(job.console, targets, openTarget, settings, job.now()).catch(
    (thrown: unknown) => {
      if (!isAway(thrown)) throw thrown;
      away.push(thrown.message);
      return [];
    },
  );
  const unfinished = [
    ...(untold === null ? [] : [`answers that processes share could not be dropped. ${untold}`]),
    ...away,
    ...tellMissing(processes.missing),
  ];
  if (unfinished.length > 0) {
    await job.checkpoint({ done, grounds, waited: waited + 1 } satisfies Place);
    await waitForAway(job, { request: row, state: "verifying", unfinished, waited });
  }
  return [...judgeFound(steps, done, grounds), ...others, ...processes.places, ...beyond];
}

function tellMissing(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const have = missing.length === 1 ? "has" : "have";
  return [`${missing.join(", ")} ${have} not confirmed that cached answers are forgotten`];
}

/** One that the version before kept is begun anew. */
function restoredPlace({ restored }: JobContext): Place {
  const place = restored as Partial<Place> | null;
  return place?.done && place.grounds
    ? { done: place.done, grounds: place.grounds, waited: place.waited ?? 0 }
    : { done: [], grounds: {}, waited: 0 };
}
