import type { AuditDb } from "../audit-db/types.ts";
import type { Sampler } from "./types.ts";

/** What this process's probes of a target cost by its own clock. */
export interface CostMeter {
  probes: number;
  failures: number;
  wallMs: number;
}

export function createCostMeter(): CostMeter {
  return { probes: 0, failures: 0, wallMs: 0 };
}

interface OwnStatement {
  queryid: string;
  calls: number;
  execMs: number;
}

const textsEveryMs = 600_000;
const maxRemembered = 20_000;

/**
 * The console's own cost on a target: execution time and calls of statements of our role that carry our tag
 * (pg_stat_statements; null without it), next to that of everybody, and what the probes took on our side.
 * A statement's text is looked at once, and never more often than every 10 minutes.
 */
export function createCostSampler(meter: CostMeter): Sampler {
  /** queryid → whether it carries our tag. */
  const tagged = new Map<string, boolean>();
  let textsReadAt = Number.NEGATIVE_INFINITY;

  async function ownStatements(audit: AuditDb) {
    const server = await audit.server();
    const schema = server.extensions.pg_stat_statements?.schema;
    if (!schema) return null;
    const { data } = await audit.read({
      name: "collector.cost",
      source: "pg_stat_statements",
      ttlMs: 0,
      run: async (sql) => {
        const [all] = await sql<{ totalMs: number; own: OwnStatement[] | null }[]>`
          select sum(total_exec_time) as "totalMs",
                 json_agg(json_build_object('queryid', queryid::text, 'calls', calls, 'execMs', total_exec_time))
                   filter (where userid = current_user::regrole and queryid is not null) as own
          from ${sql(schema)}.pg_stat_statements(false)`;
        const unknown = (all?.own ?? []).map((s) => s.queryid).filter((id) => !tagged.has(id));
        if (unknown.length > 0 && Date.now() - textsReadAt >= textsEveryMs) {
          textsReadAt = Date.now();
          if (tagged.size + unknown.length > maxRemembered) tagged.clear();
          const texts = await sql<{ queryid: string; own: boolean }[]>`
            select queryid::text as queryid, bool_or(position('/* dashboard:' in left(query, 100)) > 0) as own
            from ${sql(schema)}.pg_stat_statements(true)
            where userid = current_user::regrole and queryid = any(${unknown}::bigint[])
            group by queryid`;
          for (const { queryid, own } of texts) tagged.set(queryid, own);
        }
        return all;
      },
    });
    const own = (data?.own ?? []).filter((statement) => tagged.get(statement.queryid));
    return {
      execMs: own.reduce((sum, statement) => sum + statement.execMs, 0),
      calls: own.reduce((sum, statement) => sum + statement.calls, 0),
      totalMs: data?.totalMs ?? null,
    };
  }

  return {
    form: "totals",
    name: "collector",
    everySeconds: 60,
    series: [
      { name: "collector.execMs", kind: "counter", unit: "ms" },
      { name: "collector.statements", kind: "counter", unit: "count" },
      { name: "collector.everybodyExecMs", kind: "counter", unit: "ms" },
      { name: "collector.probes", kind: "counter", unit: "count" },
      { name: "collector.failures", kind: "counter", unit: "count" },
      { name: "collector.wallMs", kind: "counter", unit: "ms" },
    ],
    async sample(audit) {
      const own = await ownStatements(audit).catch((error: unknown) => {
        // Installed but not preloaded, or hidden from us: our own clock still tells.
        if (audit.status().state === "up") return null;
        throw error;
      });
      return {
        values: {
          "collector.execMs": own?.execMs ?? null,
          "collector.statements": own?.calls ?? null,
          "collector.everybodyExecMs": own?.totalMs ?? null,
          "collector.probes": meter.probes,
          "collector.failures": meter.failures,
          "collector.wallMs": meter.wallMs,
        },
      };
    },
  };
}
