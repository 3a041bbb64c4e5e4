import { Gauge, type Registry } from "prom-client";
import type { History, Point, Sampler } from "../../collector/types.ts";

/** A figure is current for this many of its cadences. */
const currentCadences = 3;

/** The newest figure of every collected series of the targets; counters as rates. Old figures are left out. */
export async function addSeriesMetrics(
  registry: Registry,
  history: History,
  targets: readonly string[],
  samplers: readonly Sampler[],
  now: Date,
): Promise<void> {
  for (const sampler of samplers) {
    if (sampler.form !== "totals") continue;
    const names = sampler.series.map((series) => series.name);
    const from = new Date(now.getTime() - currentCadences * sampler.everySeconds * 1_000);
    const read = await Promise.all(targets.map((target) => history.totals(target, names, { from, to: now })));
    for (const { name, kind, unit } of sampler.series) {
      const metric = metricName(name, kind, unit);
      // What processes tell of themselves (the size of their query cache) stands there already, by process.
      if (registry.getSingleMetric(metric)) continue;
      const gauge = new Gauge({
        name: metric,
        help: `Newest sample of ${name}${kind === "counter" ? ", as a rate" : ""}`,
        labelNames: ["target"],
        registers: [registry],
      });
      for (const [index, target] of targets.entries()) {
        const value = newest(read[index]?.series[name]);
        if (value !== null) gauge.set({ target }, value);
      }
    }
  }
}

/** `connections.idleInTransaction` → `audit_db_connections_idle_in_transaction`. */
export function metricName(series: string, kind: "gauge" | "counter", unit: string): string {
  const snake = series
    .replaceAll(".", "_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
  const ratio = unit === "ratio" && !snake.endsWith("_ratio") ? "_ratio" : "";
  return `audit_db_${snake}${ratio}${kind === "counter" ? "_per_second" : ""}`;
}

function newest(points: readonly Point[] | undefined): number | null {
  return points?.findLast(([, value]) => value !== null)?.[1] ?? null;
}
