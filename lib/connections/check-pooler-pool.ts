import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { counted, durationInWords } from "../words.ts";
import { getPoolerPools } from "./get-pooler-pools.ts";
import type { PoolerPool } from "./read-pooler.ts";
import { poolerUrlOf } from "./sample-pooler.ts";
import { connectionThresholds } from "./thresholds.ts";

/** Clients that queue in PgBouncer: one pool may be full while all the others are idle, and the sum looks fine. */
export const poolerPoolWaits = defineCheck({
  id: "connections.pooler_pool",
  source: "PgBouncer: SHOW POOLS (maxwait)",
  why: "A pool that is large enough makes nobody wait 5 s; at 30 s applications' own time-outs strike. It must hold for half a minute: a burst drains by itself.",
  for: 30,
  keepFiringFor: 60,
  title: "Clients wait in a PgBouncer pool",
  unit: "seconds",
  path: "connections",
  runbook:
    "PgBouncer has a pool for each pair of user and database, and a client waits when its own is full, however idle the others are. See on Connections what holds the pool's server connections: long statements, transactions left open, a lock that many wait for. End what should not run; where all of it should, raise pool_size of the database or of the user (default_pool_size for all), as far as the server's max_connections leaves room. query_wait_timeout (120 s by default) ends a client's wait with an error. A pool that waits though it is not full is held up by max_db_connections or max_user_connections, by PAUSE, or by a server it cannot log in to: PgBouncer's log says which.",
  needs: "AUDIT_POOLER_URL: PgBouncer's admin console, as a user in its stats_users.",
  thresholds: { ...connectionThresholds.poolerWaitSeconds, direction: "rising" },
  optional: true,
  tellSeveral([worst, ...others]) {
    return `Clients wait in ${others.length + 1} of PgBouncer's pools, in that of ${worst && "name" in worst.object ? worst.object.name : "one"} longest, for ${durationInWords(worst?.value ?? 0)}.`;
  },
  async evaluate({ audit }, limitsFor) {
    const { data, unavailable } = await getPoolerPools(poolerUrlOf(audit.target));
    if (unavailable) return cannotJudge("PgBouncer's pools are not checked.", unavailable);
    return { objects: data.pools.map((pool) => judgePool(pool, limitsFor)), complete: true };
  },
});

/** @returns `user@database`, each in quotes where SQL needs them, so that no two pools have one name */
function namePool({ user, database }: Pick<PoolerPool, "user" | "database">): string {
  return `${quoteIdentifier(user)}@${quoteIdentifier(database)}`;
}

export function judgePool(pool: PoolerPool, limitsFor: LimitsFor): ObjectState {
  const { user, database, clientsWaiting, maxWaitSeconds, serversActive, serversMax } = pool;
  const object = { kind: "pooler_pool", name: namePool(pool) } as const;
  const threshold = limitsFor(object);
  const of = serversMax === null ? "without a limit" : `of ${serversMax}`;
  const words =
    clientsWaiting === 0
      ? {
          title: `Nobody waits in PgBouncer as user ${user} for database ${database}.`,
          detail: `Server connections in use: ${serversActive} ${of}.`,
        }
      : {
          title:
            `In PgBouncer ${counted(clientsWaiting, "client waits", "clients wait")} as user ${user} for database ${database}, ` +
            `the first for ${durationInWords(maxWaitSeconds)}.`,
          detail: explainWait(pool),
        };
  return {
    object,
    state: stateAt(maxWaitSeconds, threshold),
    value: maxWaitSeconds,
    threshold,
    since: null,
    words,
  };
}

function explainWait({ user, database, paused, serversActive, serversMax }: PoolerPool): string {
  if (paused)
    return `Database ${database} is paused: RESUME ${quoteIdentifier(database)} in PgBouncer's admin console lets its clients go on.`;
  if (serversMax !== null && serversActive >= serversMax)
    return `This pool may open ${counted(serversMax, "server connection")} and all are in use, whatever other pools have left. See what holds them and end what should not run, or raise pool_size of database ${database} or of user ${user}, as far as max_connections of the server leaves room.`;
  return `Its own size is not what holds it up: ${serversActive} ${serversMax === null ? "server connections are" : `of ${serversMax} server connections are`} in use. Look at max_db_connections and max_user_connections, and in PgBouncer's log whether it can log in to the server.`;
}
