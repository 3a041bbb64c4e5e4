import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";
import { env } from "../env.ts";
import type { Unavailable } from "../result.ts";
import { readPooler } from "./read-pooler.ts";

const count = (name: string) => ({ name, kind: "gauge", unit: "count" }) as const;

export const poolerSeries: readonly SeriesDefinition[] = [
  count("pooler.active"),
  count("pooler.waiting"),
  count("pooler.serversActive"),
  count("pooler.idle"),
  count("pooler.max"),
  { name: "pooler.maxWaitSeconds", kind: "gauge", unit: "seconds" },
];

/** The admin console's URL of a target's pooler, from the environment. */
export function poolerUrlOf(target: string): string | undefined {
  return env().targets.find((each) => each.name === target)?.poolerUrl;
}

/** What answers about a target's pooler say where none is configured. */
export const poolerNotConfigured: Unavailable = {
  code: "not_configured",
  reason: "No pooler is named for this target.",
  enable: "AUDIT_POOLER_URL=postgres://stats_user@pooler-host:6432/pgbouncer",
};

/** All of PgBouncer's pools together every 10 s, where one is configured. */
export function createPoolerSampler(
  urlOf: (target: string) => string | undefined,
): { form: "totals" } & TotalsSampler {
  return {
    form: "totals",
    name: "pooler",
    everySeconds: 10,
    series: poolerSeries,
    sample: async (audit) => {
      const values: Record<string, number | null> = {};
      const url = urlOf(audit.target);
      if (url) {
        const pooler = await readPooler(url);
        Object.assign(values, {
          "pooler.active": pooler.clientsActive,
          "pooler.waiting": pooler.clientsWaiting,
          "pooler.serversActive": pooler.serversActive,
          "pooler.idle": pooler.serversIdle,
          "pooler.max": pooler.serversMax,
          "pooler.maxWaitSeconds": pooler.maxWaitSeconds,
        });
      }
      return { values };
    },
  };
}
