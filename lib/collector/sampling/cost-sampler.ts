import type { ServerFacts } from "../../audit-db/target-facts.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { sqlStateOf } from "../../sql-state.ts";
import type { Sampler } from "../types.ts";

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

/** Texts are looked for at once while our own statements are still turning up, later only now and then. */
const eagerLookups = 10;
const lookEveryMs = 600_000;
const maxRemembered = 20_000;
const maxServers = 50;

/** What this process knows of a server's statements: which of them carry our tag. */
interface Tags {
  /** queryid → whether it carries our tag. */
  tagged: Map<string, boolean>;
  lookups: number;
  lookedAt: number;
  /** One of the texts there is not valid in our database's encoding, so that none can be read. */
  unreadable: boolean;
}

/** Targets that are databases of one server share what was looked up: each look reads all texts of the server. */
const tagsByServer = new Map<string, Tags>();

function tagsOf({ startedAt, versionNum, maxConnections, encoding, user }: ServerFacts): Tags {
  const key = JSON.stringify([startedAt, versionNum, maxConnections, encoding, user]);
  const known = tagsByServer.get(key) ?? { tagged: new Map(), lookups: 0, lookedAt: 0, unreadable: false };
  if (tagsByServer.size >= maxServers) tagsByServer.clear();
  tagsByServer.set(key, known);
  return known;
}

/**
 * The console's own cost on a target: execution time and calls of statements of our role that carry our tag
 * (pg_stat_statements; null without it), next to that of everybody, and what the probes took on our side.
 * A statement's text is looked at once; what it took before that is not counted.
 */
export function createCostSampler(meter: CostMeter): Sampler {
  const since = new Date();
  let last: Map<string, OwnStatement> | undefined;
  const own = { execMs: 0, calls: 0 };

  async function readStatements(
    audit: AuditDb,
  ): Promise<{ totalMs: number | null; mine: OwnStatement[]; tags: Tags } | null> {
    const server = await audit.server();
    const tags = tagsOf(server);
    const { tagged } = tags;
    const schema = server.extensions.pg_stat_statements?.schema;
    if (!schema) return null;
    return audit.use("watch", "collector.cost", async (sql) => {
      const [all] = await sql<{ totalMs: number | null; mine: OwnStatement[] | null }[]>`
          with entry as (
            select queryid, userid, sum(calls) as calls, sum(total_exec_time) as ms
            from ${sql(schema)}.pg_stat_statements(false) group by queryid, userid
          )
          select sum(ms) as "totalMs",
                 json_agg(json_build_object('queryid', queryid::text, 'calls', calls, 'execMs', ms))
                   filter (where userid = (select oid from pg_roles where rolname = current_user) and queryid is not null) as mine
          from entry`;
      const mine = all?.mine ?? [];
      const unknown = mine.map((statement) => statement.queryid).filter((id) => !tagged.has(id));
      if (unknown.length > 0 && (tags.lookups < eagerLookups || Date.now() - tags.lookedAt >= lookEveryMs)) {
        tags.lookups += 1;
        tags.lookedAt = Date.now();
        if (tagged.size + unknown.length > maxRemembered) tagged.clear();
        const texts = await sql<{ queryid: string; own: boolean }[]>`
            select queryid::text as queryid, bool_or(position('/* dashboard:' in left(query, 100)) > 0) as own
            from ${sql(schema)}.pg_stat_statements(true)
            where userid = (select oid from pg_roles where rolname = current_user) and queryid = any(string_to_array(${unknown.join(",")}, ',')::bigint[])
            group by queryid`.catch((thrown: unknown) => {
          const unreadable = /^22(021|P05)$/.test(sqlStateOf(thrown) ?? "");
          if (unreadable && server.encoding === "UTF8") return null;
          throw thrown;
        });
        tags.unreadable = texts === null;
        for (const text of texts ?? []) tagged.set(text.queryid, text.own);
      }
      return { totalMs: all?.totalMs ?? null, mine, tags };
    });
  }

  /** Adds what our statements took since they were last seen; one that is new since then counts whole. */
  function addUp(mine: readonly OwnStatement[], { tagged }: Tags): void {
    const before = last;
    last = new Map(mine.map((statement) => [statement.queryid, statement]));
    if (!before) return;
    for (const statement of mine) {
      if (!tagged.get(statement.queryid)) continue;
      const known = before.get(statement.queryid);
      const restarted = known === undefined || statement.calls < known.calls;
      own.execMs += restarted ? statement.execMs : Math.max(0, statement.execMs - known.execMs);
      own.calls += restarted ? statement.calls : statement.calls - known.calls;
    }
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
      const statements = await readStatements(audit).catch((error: unknown) => {
        // Installed but not preloaded, or not granted to us: our own clock still tells.
        if (/^(55000|42501|0A000)$/.test(sqlStateOf(error) ?? "")) return null;
        throw error;
      });
      if (statements) addUp(statements.mine, statements.tags);
      // Without texts nobody can tell which statements are ours.
      const known = statements !== null && !statements.tags.unreadable;
      return {
        values: {
          "collector.execMs": known ? own.execMs : null,
          "collector.statements": known ? own.calls : null,
          "collector.everybodyExecMs": statements?.totalMs ?? null,
          "collector.probes": meter.probes,
          "collector.failures": meter.failures,
          "collector.wallMs": meter.wallMs,
        },
        countsSince: since,
      };
    },
  };
}
