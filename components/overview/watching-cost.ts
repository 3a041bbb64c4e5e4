import type { SeriesHistory } from "@/lib/collector/types.ts";

export interface WatchingCost {
  /** Our statements' time ÷ everybody's, where the server counts both; null without pg_stat_statements. */
  share: number | null;
  /** Milliseconds our statements took on the server per second; null likewise. */
  serverMsPerSecond: number | null;
  /** Milliseconds the collector waited for answers per second, by its own clock; null when nothing was collected. */
  clockMsPerSecond: number | null;
  /** Probes that failed in the range. */
  failures: number | null;
}

/** What watching cost over the range, from the collector's samples of itself. */
export function watchingCost(history: SeriesHistory): WatchingCost {
  const rates = (name: string) => new Map(history.series[name] ?? []);
  const [own, everybody] = [rates("collector.execMs"), rates("collector.everybodyExecMs")];
  let [mine, all] = [0, 0];
  for (const [at, rate] of own) {
    const total = everybody.get(at);
    if (rate === null || total == null) continue;
    mine += rate;
    all += total;
  }
  const failures = known(history, "collector.failures");
  return {
    share: all > 0 ? mine / all : null,
    serverMsPerSecond: mean(known(history, "collector.execMs")),
    clockMsPerSecond: mean(known(history, "collector.wallMs")),
    failures: failures.length
      ? Math.round(failures.reduce((sum, rate) => sum + rate, 0) * history.stepSeconds)
      : null,
  };
}

function known(history: SeriesHistory, name: string): number[] {
  return (history.series[name] ?? []).flatMap(([, rate]) => rate ?? []);
}

function mean(values: readonly number[]): number | null {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
