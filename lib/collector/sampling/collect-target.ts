import type { Sql } from "postgres";
import type { AuditDb } from "../../audit-db/types.ts";
import { levelOf } from "../../db/errors.ts";
import { beat } from "../../duties/heartbeat.ts";
import { pause } from "../../duties/pause.ts";
import type { Logger } from "../../log/log.ts";
import { createPartitions } from "../roll-up/maintain-partitions.ts";
import { lateSeconds } from "../roll-up/roll-up-totals.ts";
import { slotOf } from "../slots.ts";
import type { Sampler } from "../types.ts";
import { type Catalogue, createCatalogue } from "./catalogue.ts";
import { createCostMeter, createCostSampler } from "./cost-sampler.ts";
import { freshOnly } from "./fresh-only.ts";
import { instanceBoard } from "./instance-board.ts";
import { listLiveInstances } from "./instances.ts";
import { noteGap } from "./note-gap.ts";
import { createSamplerRun, type SamplerRun } from "./run-sampler.ts";
import { watchTarget } from "./watch-target.ts";

export interface CollectOptions {
  sql: Sql;
  audit: AuditDb;
  samplers: readonly Sampler[];
  logger: Logger;
  clock?: () => number;
}

/** Samplers this fast run in a lane of their own, so that a slow one never makes them miss a slot. */
const fastSeconds = 10;
/** A slot is begun at most this late; what would come later is a gap. */
const beginWithinSeconds = 30;
const longestSampleMs = 50_000;

/**
 * Samples one target until the signal aborts. Two lanes (every 10 s; every 60 and 600 s), in each of which one
 * sampler runs after another: so at most two connections, and one probe of a kind at a time. Slots are aligned
 * to the clock; one that was missed stays a gap. A sampler that fails or hangs costs only its own sample.
 */
export async function collectTarget(options: CollectOptions, signal: AbortSignal): Promise<void> {
  const { sql, logger } = options;
  const clock = options.clock ?? Date.now;
  const audit = freshOnly(options.audit);
  const catalogue = createCatalogue(sql);
  const meter = createCostMeter();
  const context = { instances: () => listLiveInstances(instanceBoard(sql)) };
  await untilDone(signal, logger, () => createPartitions(sql, new Date(clock())));
  const started = await untilDone(signal, logger, () => readStarted(sql, audit.target));
  if (signal.aborted) return;
  const runs = [...options.samplers, createCostSampler(meter)].map((sampler) =>
    createSamplerRun(sampler, {
      sql,
      audit,
      catalogue,
      context,
      meter,
      clock,
      serverStart: started?.serverStart,
    }),
  );
  const isFast = (run: SamplerRun) => run.sampler.everySeconds <= fastSeconds;
  const lane = (laneRuns: SamplerRun[]) =>
    runLane(
      { runs: laneRuns, sql, audit, catalogue, logger, clock, started: started?.samplers ?? new Set() },
      signal,
    );
  await Promise.all([
    lane(runs.filter(isFast)),
    lane(runs.filter((run) => !isFast(run))),
    watchTarget(sql, options.audit, () => catalogue.target(audit.target), logger, signal),
  ]);
}

interface Lane {
  runs: readonly SamplerRun[];
  sql: Sql;
  audit: AuditDb;
  catalogue: Catalogue;
  logger: Logger;
  clock: () => number;
  /** Samplers that have samples of this target already. */
  started: ReadonlySet<string>;
}

async function runLane(lane: Lane, signal: AbortSignal): Promise<void> {
  if (lane.runs.length === 0) return;
  const tickSeconds = Math.min(...lane.runs.map((run) => run.sampler.everySeconds));
  const newest = new Map<string, number>();
  const underWay = new Set<string>();
  const failing = new Map<string, string>();
  // A slot of minutes tells no gap of seconds.
  let gapNoted = tickSeconds > fastSeconds;

  while (!signal.aborted) {
    const began = lane.clock();
    for (const run of lane.runs) {
      const { name, everySeconds } = run.sampler;
      if (signal.aborted || lane.audit.status().state !== "up") break;
      const now = lane.clock();
      const slot = slotOf(now, everySeconds);
      const first = !lane.started.has(name) && !newest.has(name);
      if (newest.get(name) === slot || underWay.has(name)) continue;
      if (!first && now - slot > beginWithinSeconds * 1_000) continue;
      newest.set(name, slot);
      underWay.add(name);
      const storeUntil = first ? Number.POSITIVE_INFINITY : slot + lateSeconds * 1_000;
      const limitMs = Math.min(longestSampleMs, everySeconds * 800);
      // The very first sample stands where it was taken: a slot of ten minutes may have begun long before.
      const place = first ? slotOf(now, fastSeconds) : slot;
      const taken = run.take(place, storeUntil).finally(() => underWay.delete(name));
      const outcome = await within(taken, limitMs, signal).catch((error: unknown) => ({ error }));
      if (typeof outcome === "object" || outcome === "too long" || outcome === "too late") {
        const why = typeof outcome === "object" ? String(outcome.error) : outcome;
        if (failing.get(name) !== why && lane.audit.status().state === "up") {
          const err = typeof outcome === "object" ? outcome.error : undefined;
          lane.logger[levelOf(err)](
            { target: lane.audit.target, sampler: name, err, why },
            "a sample is missing",
          );
        }
        failing.set(name, why);
      } else if (failing.delete(name)) {
        lane.logger.info({ target: lane.audit.target, sampler: name }, "the sampler works again");
      }
      if (outcome === "stored" && !gapNoted) {
        gapNoted = true;
        await noteGap(lane.sql, lane.audit.target, name, slot).catch(() => {});
      }
    }
    const tookMs = lane.clock() - began;
    if (tookMs > tickSeconds * 1_000)
      lane.logger.warn(
        { target: lane.audit.target, tookMs },
        "sampling takes longer than its cadence; slots are missed",
      );
    await beat(lane.sql, "collector", lane.audit.target).catch(() => {});
    // Counted from this round's slot: a timer that fires a millisecond early must not cost the slot it was set for.
    await pause(slotOf(began, tickSeconds) + tickSeconds * 1_000 - lane.clock(), signal);
  }
}

/** A sampler that takes too long is no longer waited for; it is not started again before it ends. */
async function within<T>(
  taken: Promise<T>,
  limitMs: number,
  signal: AbortSignal,
): Promise<T | "too long" | "aborted"> {
  const settled = new AbortController();
  const stop = AbortSignal.any([signal, settled.signal]);
  taken.catch(() => {});
  try {
    return await Promise.race([
      taken,
      pause(limitMs, stop).then(() => (signal.aborted ? ("aborted" as const) : ("too long" as const))),
    ]);
  } finally {
    settled.abort();
  }
}

/** What an earlier leader left: which samplers have samples, and of which server. */
async function readStarted(
  sql: Sql,
  target: string,
): Promise<{ samplers: Set<string>; serverStart: number | undefined }> {
  const [server] = await sql<{ startedAt: Date | null }[]>`
    select server_started_at as "startedAt" from history.target where name = ${target}`;
  const rows = await sql<{ name: string }[]>`
    select s.name from history.collecting c
    join history.target t on t.id = c.target_id join history.sampler s on s.id = c.sampler_id
    where t.name = ${target}`;
  return {
    samplers: new Set(rows.map((row) => row.name)),
    serverStart: server?.startedAt?.getTime(),
  };
}

/** Repeats what the console database refuses until it answers. */
async function untilDone<T>(
  signal: AbortSignal,
  logger: Logger,
  run: () => Promise<T>,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await run();
    } catch (err) {
      logger[levelOf(err)]({ err }, "the console database is not ready for samples");
      await pause(2_000, signal);
    }
  }
  return undefined;
}
