import { createHash, timingSafeEqual } from "node:crypto";
import { Gauge, Registry } from "prom-client";
import { countIncidents } from "../../alerts/count-incidents.ts";
import type { TargetStatus } from "../../audit-db/target-facts.ts";
import type { Check } from "../../check.ts";
import { getChecks } from "../../check-board/get-checks.ts";
import { createHistory } from "../../collector/history/history.ts";
import { instanceBoard } from "../../collector/sampling/instance-board.ts";
import { listLiveInstances } from "../../collector/sampling/instances.ts";
import type { Sampler } from "../../collector/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { consoleDbError } from "../../db/errors.ts";
import { listHeartbeats } from "../../duties/heartbeat.ts";
import { createStoredChecks } from "../../evaluation/stored-checks.ts";
import { addCheckMetrics } from "./check-metrics.ts";
import { addEngineMetrics } from "./engine-metrics.ts";
import { addIncidentMetrics } from "./incident-metrics.ts";
import { processMetrics } from "./process-registry.ts";
import { addSeriesMetrics } from "./series-metrics.ts";
import { addSharedCacheMetrics } from "./shared-cache-metrics.ts";

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * Everything about `targets` and the processes in Prometheus' text format. While the console database is down, what this process knows by
 * itself still stands, with `audit_db_console_database_up 0`.
 */
export async function renderMetrics(options: {
  /** Names of the targets that whoever asks may see. */
  targets: readonly string[];
  /** This process's view of a target; asking may be what opens its engine. */
  statusOf: (target: string) => TargetStatus;
  openConsole: () => ConsoleDb;
  samplers: readonly Sampler[];
  checks: readonly Check[];
  now?: Date;
}): Promise<string> {
  const { targets } = options;
  const now = options.now ?? new Date();
  const scraped = new Registry();
  addTargets(
    scraped,
    targets.map((name) => options.statusOf(name)),
  );
  const up = new Gauge({
    name: "audit_db_console_database_up",
    help: "Whether the console's own database answers",
    registers: [scraped],
  });
  try {
    const { sql } = options.openConsole();
    const [allInstances, allHeartbeats, board, incidents] = await Promise.all([
      listLiveInstances(instanceBoard(sql)),
      listHeartbeats(sql),
      getChecks(createStoredChecks(sql), { checks: options.checks, targets, now }),
      countIncidents(sql, targets),
    ]);
    const instances = allInstances.map((instance) => ({
      ...instance,
      engines: pick(instance.engines, targets),
    }));
    const heartbeats = allHeartbeats.filter(({ target }) => target === "*" || targets.includes(target));
    addEngineMetrics(scraped, instances);
    addSharedCacheMetrics(scraped, instances);
    addHeartbeats(scraped, heartbeats, now);
    addCheckMetrics(scraped, board.data);
    addIncidentMetrics(scraped, incidents, targets);
    await addSeriesMetrics(scraped, createHistory(sql), targets, options.samplers, now);
    up.set(1);
  } catch (thrown) {
    if (consoleDbError(thrown).code === "INTERNAL") throw thrown;
    up.set(0);
  }
  return `${await processMetrics().registry.metrics()}${await scraped.metrics()}`;
}

/** Whether an Authorization header carries METRICS_TOKEN; compares digests, so that time tells nothing. */
export function holdsMetricsToken(authorization: string | null, token: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1];
  if (token === undefined || given === undefined) return false;
  return timingSafeEqual(digest(given), digest(token));
}

function pick<T>(of: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function addTargets(registry: Registry, statuses: readonly TargetStatus[]): void {
  const up = new Gauge({
    name: "audit_db_target_up",
    help: "Whether this process reaches the audit database",
    labelNames: ["target"],
    registers: [registry],
  });
  // Neither up nor down while the first connection is under way.
  for (const { target, state } of statuses)
    if (state !== "connecting") up.set({ target }, state === "up" ? 1 : 0);
}

function addHeartbeats(
  registry: Registry,
  heartbeats: Awaited<ReturnType<typeof listHeartbeats>>,
  now: Date,
): void {
  const age = new Gauge({
    name: "audit_db_heartbeat_age_seconds",
    help: "Time since a duty (collector and the like) last said that it works",
    labelNames: ["duty", "target"],
    registers: [registry],
  });
  for (const { duty, target, at } of heartbeats)
    age.set({ duty, target }, Math.max(0, (now.getTime() - at.getTime()) / 1_000));
}
