import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../../db/schema.ts";
import { env } from "../../env.ts";
import { defineJob, type JobContext } from "../../jobs/define-job.ts";
import { erasureContext } from "../../privacy/erasure-context.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { runSearch } from "../search/run-search.ts";
import { addFound, leftOf, type SearchFound } from "../search/steps.ts";
import { targetsOf } from "../targets-of.ts";
import { beyondPlaces } from "./beyond-places.ts";
import { addGrounds, type EventGround, eventGrounds, type GroundsOf } from "./event-grounds.ts";
import { confirmProcesses, dropEverywhere } from "./evict-answers.ts";
import { isDetached, judgeFound } from "./judge-found.ts";
import { placeOf } from "./place-of.ts";
import { planScan } from "./plan-scan.ts";
import { beginScan, failScan, finishScan, type Scanned } from "./record-scan.ts";

const askAgainMs = 30_000;

/** What was looked at: answers without the events that they told, and why these stay. */
interface Place {
  done: SearchFound[];
  /** By the key of a step. */
  grounds: Record<string, EventGround[]>;
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
  const { steps, others } = await planScan(job.console, targets, openTarget, settings);
  const { done, grounds } = restoredPlace(job);
  const known = new Map<string, Promise<GroundsOf>>();
  const groundsOf = (target: string) => {
    const found = known.get(target) ?? eventGrounds(context, row, target);
    known.set(target, found);
    return found;
  };
  const whole = () => done.filter(({ nextBlock }) => nextBlock === null).length;
  job.progress(whole(), steps.length, "places");
  const order = { request: row.id, steps: leftOf(steps, done) };
  for await (const found of runSearch(order, { signal: job.signal })) {
    const step = steps.find(({ key }) => key === found.key);
    if (step?.kind === "rows" && step.target !== null && found.events.length > 0 && !isDetached(step)) {
      const more = await (await groundsOf(step.target))(found.events);
      grounds[step.key] = addGrounds(grounds[step.key] ?? [], more);
    }
    addFound(done, found);
    job.progress(whole(), steps.length, "places");
    await job.checkpoint({ done, grounds } satisfies Place);
  }
  const processes = await confirmProcesses(job.console, job.now());
  if (processes.missing.length > 0) await waitForProcesses(job, row.id, processes.missing);
  return [
    ...judgeFound(steps, done, grounds),
    ...others,
    ...processes.places,
    ...(untold === null ? [] : [tellUntold(untold)]),
    ...(await beyondPlaces(job.console, targets, openTarget, settings, job.now())),
  ];
}

/** The second level, where it could not be told; processes confirm by themselves. */
const tellUntold = (problem: string) =>
  placeOf("cache", "answers that processes share", null, {
    state: "unknown",
    ground: `They could not be dropped; they end by themselves within ten minutes. ${problem}`,
  });

/** Hands the job's place back: what was looked at is not looked at again, and the processes are asked anew. */
async function waitForProcesses(job: JobContext, request: string, missing: readonly string[]): Promise<void> {
  const problem = `not finished: ${missing.join(", ")} ${missing.length === 1 ? "has" : "have"} not confirmed that cached answers are forgotten`;
  job.log(`${problem}; asked again in ${askAgainMs / 1_000} s.`, "warn");
  const { privacyRequest } = schema;
  await job.console.db
    .update(privacyRequest)
    .set({ problem })
    .where(and(eq(privacyRequest.id, request), eq(privacyRequest.state, "verifying")));
  await job.waitUntil(new Date(job.now().getTime() + askAgainMs));
}

/** One that the version before kept is begun anew. */
function restoredPlace({ restored }: JobContext): Place {
  const place = restored as Partial<Place> | null;
  return place?.done && place.grounds
    ? { done: place.done, grounds: place.grounds }
    : { done: [], grounds: {} };
}
