import type { CircuitBreakerPolicy } from "cockatiel";
import type { Sql } from "postgres";
import type { Address } from "../../address/types.ts";
import { AppError } from "../../errors.ts";
import { defaultPoolLimits } from "../limits.ts";
import { createPool, type Pool, type UseOptions } from "../pool/pool.ts";
import { type ReservedSession, type ReserveOptions, reserve } from "../pool/reserve.ts";
import type { NodePoolStats, PoolLimits, SeenServer } from "../pool/types.ts";
import type { Purpose } from "../purpose.ts";
import { readServerFacts } from "../server-facts.ts";
import type { ServerFacts } from "../target-facts.ts";
import type { EngineConfig } from "../types.ts";

const factsTtlMs = 60_000;

export interface NodeOptions {
  name: string;
  /** Purpose → address on this node. */
  addresses: Partial<Record<Purpose, Address>>;
  pools: Partial<Record<Purpose, Partial<PoolLimits>>> | undefined;
  applicationName: string;
  /** As `EngineConfig.admit`. */
  admit: EngineConfig["admit"];
  /** Refuses at once what would meet a server that does not answer; undefined for a target of one node. */
  breaker?: CircuitBreakerPolicy;
}

/** One server: a pool per purpose, and what it says of itself. */
export interface Node {
  readonly name: string;
  readonly breaker: CircuitBreakerPolicy | undefined;
  /** Reads it answered. */
  reads: number;
  can(purpose: Purpose): boolean;
  /** Leases a connection. @throws as `Pool.use`; AppError UNSUPPORTED without a URL; BrokenCircuitError */
  use<T>(purpose: Purpose, name: string, run: (sql: Sql) => Promise<T>, options?: UseOptions): Promise<T>;
  /** A session of its own, apart from the pools. @throws as `reserve`; AppError UNSUPPORTED without a URL */
  reserve<T>(
    purpose: Purpose,
    options: ReserveOptions,
    run: (session: ReservedSession) => Promise<T>,
  ): Promise<T>;
  /** The server that a purpose's newest connection led to. */
  seen(purpose: Purpose): Readonly<SeenServer>;
  /** Its facts, kept for a minute or until `forget`. */
  facts(use?: Node["use"]): Promise<ServerFacts>;
  forget(): void;
  /** Its pools: those opened, and with `all` those nobody has needed yet. */
  stats(all: boolean): NodePoolStats[];
  /** Ends every connection, those in use too; the next lease opens new ones. */
  drop(): void;
  close(): Promise<void>;
}

/** A server of a target. Opens nothing before the first lease. */
export function createNode(target: string, options: NodeOptions): Node {
  const pools = new Map<Purpose, Pool>();
  const closing = new Set<Promise<void>>();
  let facts: { value: Promise<ServerFacts>; at: number; start: number | undefined } | undefined;
  const purposes = Object.keys(options.addresses) as Purpose[];
  const seen = new Map<Purpose, SeenServer>();

  function serverOf(purpose: Purpose): { purpose: Purpose; address: Address; limits: PoolLimits } {
    const address = options.addresses[purpose];
    if (!address) {
      throw new AppError("UNSUPPORTED", `${target} has no ${purpose} connection.`, {
        hint: `Set the ${purpose} URL of this target to enable it.`,
      });
    }
    return { purpose, address, limits: { ...defaultPoolLimits[purpose], ...options.pools?.[purpose] } };
  }

  function seenOf(purpose: Purpose): SeenServer {
    const known = seen.get(purpose) ?? { start: undefined, host: undefined, log: undefined };
    seen.set(purpose, known);
    return known;
  }

  function poolOf(purpose: Purpose): Pool {
    const known = pools.get(purpose);
    if (known) return known;
    const { applicationName } = options;
    const pool = createPool({ ...serverOf(purpose), applicationName, seen: seenOf(purpose) });
    pools.set(purpose, pool);
    return pool;
  }

  /** What compares the log with the ledger is what others wait for. */
  function admitted<T>(purpose: Purpose, name: string, run: (sql: Sql) => Promise<T>) {
    const { admit } = options;
    if (!admit || purpose !== "read" || name.startsWith("ledger.")) return run;
    return async (sql: Sql) => {
      await admit(sql, seenOf(purpose));
      return run(sql);
    };
  }

  const node: Node = {
    name: options.name,
    breaker: options.breaker,
    reads: 0,
    can: (purpose) => options.addresses[purpose] !== undefined,
    use(purpose, name, run, leaseOptions) {
      const lease = () => poolOf(purpose).use(name, admitted(purpose, name, run), leaseOptions);
      return options.breaker ? options.breaker.execute(lease) : lease();
    },
    reserve: async (purpose, reserveOptions, run) => reserve(serverOf(purpose), reserveOptions, run),
    seen: seenOf,
    facts(use = node.use) {
      const start = node.seen("watch").start;
      const another = facts?.start !== undefined && facts.start !== start;
      if (!facts || another || Date.now() - facts.at > factsTtlMs) {
        const value = use("watch", "engine.server", readServerFacts);
        const asked = { value, at: Date.now(), start: undefined as number | undefined };
        facts = asked;
        value.then(
          () => {
            asked.start = node.seen("watch").start;
          },
          () => node.forget(),
        );
      }
      return facts.value;
    },
    forget() {
      facts = undefined;
    },
    stats: (all) =>
      purposes
        .filter((purpose) => all || pools.has(purpose))
        .map((purpose) => ({ node: options.name, ...poolOf(purpose).stats() })),
    drop() {
      for (const pool of pools.values()) {
        const closed: Promise<void> = pool.close().finally(() => closing.delete(closed));
        closing.add(closed);
      }
      pools.clear();
      facts = undefined;
    },
    async close() {
      await Promise.all([...[...pools.values()].map((pool) => pool.close()), ...closing]);
    },
  };
  return node;
}
