import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import { explainConnectionError, isConnectionError } from "./pool/driver-error.ts";
import type { UseOptions } from "./pool/pool.ts";
import type { ReservedSession, ReserveOptions } from "./pool/reserve.ts";
import type { Purpose } from "./purpose.ts";
import { explainBroken, isBroken } from "./replicas/breaker.ts";
import type { Cluster } from "./replicas/cluster.ts";
import type { Node } from "./replicas/node.ts";
import { isRouted } from "./replicas/routing.ts";
import type { ReadPlace, RouteOptions } from "./replicas/types.ts";
import type { TargetStateHolder } from "./target-state.ts";
import type { AuditDb } from "./types.ts";

const writes: ReadonlySet<Purpose> = new Set(["write", "maintenance", "privacy"]);

export interface LeaseOptions {
  target: string;
  /** The first is the only one where there is no cluster. */
  nodes: readonly Node[];
  cluster: Cluster | undefined;
  state: TargetStateHolder;
  /** Asks the primary how it is, now. */
  probe(): Promise<unknown>;
  closed(): boolean;
}

export interface Leases {
  /** @throws AppError UNAVAILABLE for a lost connection, once it is known whether the server is gone */
  leaseAt<T>(
    node: Node,
    purpose: Purpose,
    name: string,
    run: (sql: Sql) => Promise<T>,
    options?: UseOptions,
  ): Promise<T>;
  use: AuditDb["use"];
  reserve: AuditDb["reserve"];
  /** @throws AppError NOT_FOUND; CONFLICT for a write to a node that is not the primary */
  findNode(name: string, purpose: Purpose): Promise<Node>;
}

/** Leases a connection where the purpose and the route say, and tells a lost one from a lost server. */
export function createLeases(options: LeaseOptions): Leases {
  const { target, nodes, cluster, state, probe, closed } = options;
  const only = nodes[0] as Node;
  const primary = () => cluster?.primary() ?? only;

  /** A lost connection in words, after asking the server whether it is the server that is gone. */
  async function explainLost(thrown: unknown, purpose: Purpose, node: Node): Promise<AppError> {
    if (closed()) return new AppError("UNAVAILABLE", "The engine is closed.");
    if (cluster) await cluster.check(node);
    // One lost connection is not an outage, and another role's password may simply be wrong: the probe decides.
    else await probe();
    if (node === primary() && state.current().state === "down") return state.error();
    const where = cluster ? `${target} (${node.name})` : target;
    const { reason } = isBroken(thrown) ? explainBroken(node.breaker) : explainConnectionError(thrown);
    return new AppError("UNAVAILABLE", `The ${purpose} connection of ${where} failed: ${reason}.`, {
      cause: thrown,
    });
  }

  async function leaseAt<T>(
    node: Node,
    purpose: Purpose,
    name: string,
    run: (sql: Sql) => Promise<T>,
    options?: UseOptions,
  ): Promise<T> {
    const answer = await explaining(purpose, node, () => node.use(purpose, name, run, options));
    if (!writes.has(purpose) && !name.startsWith("engine.")) node.reads++;
    return answer;
  }

  async function explaining<T>(purpose: Purpose, node: Node, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const demoted = cluster && writes.has(purpose) && (thrown as { code?: string }).code === "25006";
      if (demoted || isConnectionError(thrown) || isBroken(thrown))
        throw await explainLost(thrown, purpose, node);
      throw thrown;
    }
  }

  async function reserve<T>(
    purpose: Purpose,
    options: ReserveOptions,
    run: (session: ReservedSession) => Promise<T>,
  ): Promise<T> {
    const node = cluster && only.can(purpose) ? await cluster.writable(options.signal) : only;
    return explaining(purpose, node, () => node.reserve(purpose, options, run));
  }

  async function use<T>(
    purpose: Purpose,
    name: string,
    run: (sql: Sql, place: ReadPlace) => Promise<T>,
    options: UseOptions & RouteOptions & { repeatable?: boolean } = {},
  ): Promise<T> {
    const at = (node: Node) => leaseAt(node, purpose, name, (sql) => run(sql, { node: node.name }), options);
    if (options.node !== undefined) return at(await findNode(options.node, purpose));
    if (!cluster || !only.can(purpose)) return at(only);
    if (writes.has(purpose)) return at(await cluster.writable(options.signal));
    if (!isRouted(options)) return at(cluster.primary());
    try {
      const { data } = await cluster.read({
        purpose,
        name,
        options,
        mayRepeat: options.repeatable === true,
        run: (sql, _node, place) => run(sql, place),
      });
      return data;
    } catch (thrown) {
      if (isConnectionError(thrown) || isBroken(thrown)) throw await explainLost(thrown, purpose, primary());
      throw thrown;
    }
  }

  async function findNode(name: string, purpose: Purpose): Promise<Node> {
    const node = nodes.find((candidate) => candidate.name === name);
    if (!node) throw new AppError("NOT_FOUND", `${target} has no node ${name}.`);
    if (cluster && writes.has(purpose) && (await cluster.writable()) !== node)
      throw new AppError("CONFLICT", `${name} is not the primary of ${target}; nothing is written there.`);
    return node;
  }

  return { leaseAt, use, reserve, findNode };
}
