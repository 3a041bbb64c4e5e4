import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { systemActor } from "../lib/auth/actor.ts";
import { enqueueJob } from "../lib/jobs/enqueue-job.ts";
import { makePlan } from "../lib/partition-plan/make-plan.ts";
import type { PlanRequest } from "../lib/partition-plan/request.ts";
import { carryOutJob } from "../lib/partitions/carry-out-job.ts";
import { startTestJobs } from "../lib/testing/start-test-jobs.ts";
import { startPartitionServer } from "./support/partition-server.ts";
import { median, report, step } from "./support/report.ts";

/**
 * A thousand partitions of a table with three indexes, planned and made by a job of the queue, checkpoints, log and all,
 * against the same statements on one connection, a transaction for each partition.
 */
const partitions = 1_000;
const rounds = 3;

const server = await startPartitionServer();
const worker = startTestJobs(
  { console: server.console, url: server.consoleUrl },
  [carryOutJob],
  () => server.audit,
);
const bare = postgres(server.url, { max: 1, onnotice: () => {} });
try {
  await bare`set role audit_maintainer`;
  const [ours, other]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    // In turn, and each first in half of them: a catalogue that grows is slower for whoever comes second.
    const turns = round % 2 === 0 ? [byJob, byHand] : [byHand, byJob];
    for (const turn of turns) {
      const seconds = await turn(round);
      (turn === byJob ? ours : other).push(seconds);
      step(`${turn === byJob ? "product" : "bare SQL"}: ${seconds.toFixed(2)} s`);
    }
  }
  report({
    name: "create-ahead",
    ratio: median(ours) / median(other),
    aim: "<= 1.30",
    ours: `${median(ours).toFixed(2)} s for ${partitions} partitions planned and made`,
    other: `${median(other).toFixed(2)} s by bare SQL`,
  });
} finally {
  await worker.stop();
  await bare.end({ timeout: 1 });
  await server.stop();
}

async function planOf(name: string) {
  const request: PlanRequest = { verb: "create", table: { schema: "public", name }, ahead: partitions };
  const plan = await makePlan({ audit: server.audit, now: new Date() }, request, 200);
  if (plan.steps.length < partitions)
    throw new Error(`${plan.steps.length} steps: ${JSON.stringify(plan.refusals)}`);
  return plan;
}

async function byJob(round: number): Promise<number> {
  const name = `ours_${round}`;
  await server.makeDays(name);
  const began = performance.now();
  const { request, digest } = await planOf(name);
  const { console } = server;
  const input = { target: "audit", request, digest, lockTimeoutMs: 200 };
  const { id } = await console.db.transaction((tx) =>
    enqueueJob({ tx, actor: systemActor("bench"), now: new Date() }, carryOutJob, input),
  );
  for (;;) {
    const [row] = await console.sql<{ state: string; error: unknown }[]>`
      select state, error from job where id = ${id}`;
    if (row?.state === "done") return (performance.now() - began) / 1_000;
    if (row?.state === "failed") throw new Error(JSON.stringify(row.error));
    await pause(20);
  }
}

async function byHand(round: number): Promise<number> {
  const name = `bare_${round}`;
  await server.makeDays(name);
  const { steps } = await planOf(name);
  const began = performance.now();
  for (const { sql } of steps) await bare.unsafe(["SET LOCAL lock_timeout = 200", ...sql].join(";\n"));
  return (performance.now() - began) / 1_000;
}
