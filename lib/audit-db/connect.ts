import { setTimeout as delay } from "node:timers/promises";
import { addressIdentity } from "../address/name-host.ts";
import { AppError } from "../errors.ts";
import type { Observed } from "../result.ts";
import { createAppender } from "./append/appender.ts";
import { createKnownPolicies } from "./append/known-policies.ts";
import { createAnswerCache } from "./cache/answer-cache.ts";
import { createExecutor } from "./cache/executor.ts";
import { createLeases } from "./leases.ts";
import { defaultCacheLimits } from "./limits.ts";
import { explainFailedProbe } from "./pool/driver-error.ts";
import { startProbe } from "./probe.ts";
import { createBreaker, explainBroken, isBroken } from "./replicas/breaker.ts";
import { createCluster } from "./replicas/cluster.ts";
import { describeSingle } from "./replicas/describe-single.ts";
import { readPrimaryLsn } from "./replicas/health.ts";
import { defaultReplicaLimits } from "./replicas/limits.ts";
import { formatLsn } from "./replicas/lsn.ts";
import { createNode, type Node } from "./replicas/node.ts";
import { listNodeAddresses, listRoles, type NodeAddresses } from "./replicas/node-addresses.ts";
import { createRoutedExecutor } from "./replicas/routed-executor.ts";
import { isRouted } from "./replicas/routing.ts";
import { readServerFacts } from "./server-facts.ts";
import type { ServerFacts } from "./target-facts.ts";
import { createTargetState } from "./target-state.ts";
import type { AuditDb, EngineConfig, ReadStatement } from "./types.ts";
import { understandAddresses } from "./understand-addresses.ts";

/**
 * Opens the engine on one audit database: a small pool per purpose, a cached executor on the watch
 * connection, and a probe that notices an outage and its end. Connects lazily; `status()` tells how it went. One call
 * per target and process; `close()` ends all of it.
 *
 * With replicas, every server is a node with pools of its own: watching and writing follow the primary when another
 * node is promoted, and a read goes where its route says.
 * @throws AppError BAD_INPUT for a URL that is no address
 */
export function connect(config: EngineConfig): AuditDb {
  const addresses = understandAddresses(config.urls);
  const state = createTargetState(config.target, config.logger);
  const cache = createAnswerCache({
    target: config.target,
    scope: `${config.version ?? ""} ${addressIdentity(addresses.watch)}`,
    limits: { ...defaultCacheLimits, ...config.cache },
    shared: config.sharedCache,
    drops: config.drops,
  });
  const applicationName = config.applicationName ?? "audit-db-dashboard";
  const limits = { ...defaultReplicaLimits, ...config.replicas };
  const places = listNodeAddresses(addresses);
  const nodes = places.map((place) =>
    createNode(config.target, {
      ...place,
      pools: config.pools,
      applicationName,
      admit: config.admit,
      ...(places.length > 1 && { breaker: createBreaker(limits.probeIntervalMs * 0.8) }),
    }),
  );
  const only = nodes[0] as Node;
  const cluster =
    nodes.length > 1
      ? createCluster({
          target: config.target,
          nodes: nodes.map((node, i) => ({
            node,
            watchAddress: (places[i] as NodeAddresses).addresses.watch,
          })),
          limits,
          applicationName,
          logger: config.logger,
          onPrimary: () => void probe.now(),
        })
      : undefined;
  const primary = () => cluster?.primary() ?? only;
  let closed = false;
  let latencyMs: number | null = null;
  let probedAt: Date | null = null;
  let lastFacts: ServerFacts | undefined;

  const { leaseAt, use, reserve, findNode } = createLeases({
    target: config.target,
    nodes,
    cluster,
    state,
    probe: () => probe.now(),
    closed: () => closed,
  });

  const knownPolicies = createKnownPolicies(use);
  const refusal = (since: number) => {
    if (cluster) return cluster.refusal(since);
    const waited = Date.now() - since >= limits.failoverWaitMs;
    return waited && state.current().state === "down" ? state.error() : undefined;
  };

  const server = () => primary().facts((...lease) => leaseAt(primary(), ...lease));

  const probe = startProbe({
    status: state.current,
    check: async () => {
      let asked: Node;
      do {
        asked = primary();
        await check(asked);
        // Another node became the primary meanwhile, and how the old one is says nothing about the target.
      } while (asked !== primary() && !closed);
    },
  });

  async function check(node: Node): Promise<void> {
    const began = performance.now();
    try {
      lastFacts = await node.use("watch", "engine.probe", readServerFacts, { timeoutMs: 4_000 });
      latencyMs = performance.now() - began;
      if (state.current().state !== "up") node.forget();
      if (node === primary()) state.up();
    } catch (thrown) {
      // An engine that is closed meanwhile fails its look, and must ask no memory that closes beside it.
      if (closed || node !== primary()) return;
      const why = isBroken(thrown) ? explainBroken(node.breaker) : explainFailedProbe(thrown);
      if (why) {
        const first = state.current().state === "connecting";
        const lastAnswered = first ? await recall(config.lastAnswered) : undefined;
        if (!closed && node === primary()) state.down(why, lastAnswered);
      }
      if (!why) config.logger.warn({ target: config.target, err: thrown }, "probe failed");
    } finally {
      probedAt = new Date();
    }
  }

  const readPrimary = createExecutor({
    cache,
    status: state.current,
    unavailable: state.error,
    execute: async (statement) => {
      await probe.first;
      if (state.current().state === "down") throw state.error();
      const ask = async () => {
        const known = await server();
        return leaseAt(primary(), "watch", statement.name, (sql) => statement.run(sql, known));
      };
      // A read may run twice: its connection may have been ended by somebody while the server is well.
      return ask().catch((thrown) => {
        if (thrown instanceof AppError && thrown.code === "UNAVAILABLE" && state.current().state === "up")
          return ask();
        throw thrown;
      });
    },
  });

  const readElsewhere = createRoutedExecutor({
    cache,
    // A replica answers while the primary is down.
    status: () => (cluster?.anyUp() ? { ...state.current(), state: "up" } : state.current()),
    unavailable: state.error,
    answer: async (statement, options, run) => {
      if (options.node === undefined && cluster)
        return cluster.read({ purpose: "watch", name: statement.name, options, mayRepeat: true, run });
      const node = options.node === undefined ? only : await findNode(options.node, "watch");
      const data = await leaseAt(node, "watch", statement.name, (sql) => run(sql, node));
      return { data, node: node.name };
    },
  });

  const read = <T>(statement: ReadStatement<T>): Promise<Observed<T>> =>
    isRouted(statement) ? readElsewhere(statement) : readPrimary(statement);

  const engine: AuditDb = {
    target: config.target,
    get engine() {
      return engine;
    },
    withMaxAge: (maxAgeMs) => ({
      ...engine,
      read: (statement) => read({ ...statement, maxAgeMs }),
    }),
    read,
    use,
    reserve,
    append: createAppender({ target: config.target, use, vault: config.vault, knownPolicies }, refusal),
    vault: config.vault,
    restrictedTokens: config.restrictedTokens ?? (async () => []),
    knownPolicies,
    can: (purpose) => only.can(purpose),
    roles: listRoles(places),
    status: state.current,
    server,
    seen: () => primary().seen("watch"),
    nodes: () =>
      cluster?.status() ?? [
        describeSingle({ node: only, status: state.current(), facts: lastFacts, latencyMs, probedAt }),
      ],
    onNodes: (listener) => cluster?.listen(listener) ?? (() => {}),
    currentLsn: async () => formatLsn(await use("watch", "engine.lsn", readPrimaryLsn)),
    dropAnswers: cache.drop,
    forgetAnswers: cache.forgetAll,
    sharedContents: cache.contents,
    stats: () => ({
      pools: [primary(), ...nodes.filter((node) => node !== primary())].flatMap((node, i) =>
        node.stats(i === 0),
      ),
      cache: cache.stats(),
      ...(cluster && { nodes: cluster.status() }),
    }),
    onStatus: state.listen,
    async close() {
      closed = true;
      probe.stop();
      state.clear();
      await Promise.all([cluster?.close(), ...nodes.map((node) => node.close())]);
      cache.close();
    },
  };
  return engine;
}

const recallMs = 2_000;

/** When the target last answered, as far as somebody remembers; a memory that cannot be asked holds up nobody. */
async function recall(lastAnswered: EngineConfig["lastAnswered"]): Promise<Date | null> {
  const given = new AbortController();
  const asked = lastAnswered?.().catch(() => null);
  const patience = delay(recallMs, null, { signal: given.signal, ref: false }).catch(() => null);
  const answer = await Promise.race([asked ?? null, patience]);
  given.abort();
  return answer;
}
