import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import { createAppender } from "./appender.ts";
import { createExecutor } from "./cache/executor.ts";
import { createCacheStore } from "./cache/store.ts";
import { explainConnectionError, explainFailedProbe, isConnectionError } from "./driver-error.ts";
import { defaultCacheLimits, defaultPoolLimits } from "./limits.ts";
import { createPool, type Pool, type UseOptions } from "./pool.ts";
import { startProbe } from "./probe.ts";
import { describeSingle } from "./replicas/describe-single.ts";
import { readServerFacts } from "./server-facts.ts";
import { createTargetState } from "./target-state.ts";
import type { AuditDb, EngineConfig, Purpose, ServerFacts } from "./types.ts";

const factsTtlMs = 60_000;

/**
 * Opens the engine on one audit database: a small pool per purpose, a cached executor on the watch
 * connection, and a probe that notices an outage and its end. Connects lazily and never throws;
 * `status()` tells how it went. One call per target and process; `close()` ends all of it.
 */
export function connect(config: EngineConfig): AuditDb {
  const state = createTargetState(config.target, config.logger);
  const store = createCacheStore({ ...defaultCacheLimits, ...config.cache });
  const pools = new Map<Purpose, Pool>();
  let closed = false;
  let facts: { value: Promise<ServerFacts>; at: number } | undefined;

  for (const [purpose, url] of Object.entries(config.urls) as [Purpose, string | undefined][]) {
    if (!url || typeof url !== "string") continue;
    const limits = { ...defaultPoolLimits[purpose], ...config.pools?.[purpose] };
    const applicationName = config.applicationName ?? "audit-db-dashboard";
    pools.set(purpose, createPool({ purpose, url, limits, applicationName }));
  }

  function poolOf(purpose: Purpose): Pool {
    const pool = pools.get(purpose);
    if (!pool) {
      throw new AppError("UNSUPPORTED", `${config.target} has no ${purpose} connection.`, {
        hint: `Set the ${purpose} URL of this target to enable it.`,
      });
    }
    return pool;
  }

  async function use<T>(
    purpose: Purpose,
    name: string,
    run: (sql: Sql) => Promise<T>,
    options?: UseOptions,
  ): Promise<T> {
    try {
      return await poolOf(purpose).use(name, run, options);
    } catch (thrown) {
      if (!isConnectionError(thrown)) throw thrown;
      if (closed) throw new AppError("UNAVAILABLE", "The engine is closed.");
      // One lost connection is not an outage, and another role's password may simply be wrong: the probe decides.
      await probe.now();
      if (state.current().state === "down") throw state.error();
      const { reason } = explainConnectionError(thrown);
      throw new AppError("UNAVAILABLE", `The ${purpose} connection of ${config.target} failed: ${reason}.`, {
        cause: thrown,
      });
    }
  }

  function server(): Promise<ServerFacts> {
    if (!facts || Date.now() - facts.at > factsTtlMs) {
      const value = use("watch", "engine.server", readServerFacts);
      facts = { value, at: Date.now() };
      value.catch(() => {
        facts = undefined;
      });
    }
    return facts.value;
  }

  const probe = startProbe({
    status: state.current,
    check: async () => {
      try {
        await poolOf("watch").use("engine.probe", readServerFacts, { timeoutMs: 4_000 });
        if (state.current().state !== "up") facts = undefined;
        state.up();
      } catch (thrown) {
        const why = explainFailedProbe(thrown);
        if (!closed && why) state.down(why);
        if (!why) config.logger.warn({ target: config.target, err: thrown }, "probe failed");
      }
    },
  });

  const read = createExecutor({
    store,
    status: state.current,
    unavailable: state.error,
    execute: async (statement) => {
      await probe.first;
      if (state.current().state === "down") throw state.error();
      const ask = async () => {
        const known = await server();
        return use("watch", statement.name, (sql) => statement.run(sql, known));
      };
      // A read may run twice: its connection may have been ended by somebody while the server is well.
      return ask().catch((thrown) => {
        if (thrown instanceof AppError && thrown.code === "UNAVAILABLE" && state.current().state === "up")
          return ask();
        throw thrown;
      });
    },
  });

  return {
    target: config.target,
    read,
    use,
    append: createAppender({ use, vault: config.vault }),
    vault: config.vault,
    can: (purpose) => pools.has(purpose),
    status: state.current,
    server,
    nodes: () => [
      describeSingle({
        url: config.urls.watch,
        status: state.current(),
        facts: undefined,
        latencyMs: null,
        probedAt: null,
        reads: 0,
      }),
    ],
    onNodes: () => () => {},
    currentLsn: async () => {
      const [row] = await use(
        "watch",
        "engine.lsn",
        (sql) => sql<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`,
      );
      return row?.lsn ?? "0/0";
    },
    stats: () => ({ pools: [...pools.values()].map((pool) => pool.stats()), cache: store.stats() }),
    onStatus: state.listen,
    async close() {
      closed = true;
      probe.stop();
      state.clear();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      store.clear();
    },
  };
}
