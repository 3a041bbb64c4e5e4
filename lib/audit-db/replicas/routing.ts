import type { Route, RouteOptions } from "../types.ts";

/** What routing looks at in a node. */
export interface Routable {
  name: string;
  isPrimary: boolean;
  /** Trusted, in the state `up`, its circuit not open. */
  fit: boolean;
  latencyMs: number | null;
  /** Epoch milliseconds up to which every write is known to be replayed. */
  freshAt: number | null;
}

export interface Wanted {
  route: Route;
  maxStalenessMs?: number | undefined;
}

/**
 * The nodes that may answer a read, the best first. The primary comes last unless it is `nearest`: it answers
 * when no fit replica is left.
 * @param turn a running number, which deals reads of the route `replica` round the replicas
 * @param now epoch milliseconds
 */
export function orderNodes<T extends Routable>(
  nodes: readonly T[],
  wanted: Wanted,
  turn: number,
  now: number,
): T[] {
  const primary = nodes.filter((node) => node.isPrimary);
  if (wanted.route === "primary") return primary;
  const { maxStalenessMs } = wanted;
  const replicas = nodes.filter(
    (node) =>
      !node.isPrimary &&
      node.fit &&
      (maxStalenessMs === undefined || (node.freshAt !== null && now - node.freshAt <= maxStalenessMs)),
  );
  if (wanted.route === "nearest") {
    const near = [...primary.filter((node) => node.fit), ...replicas].sort(
      (a, b) => (a.latencyMs ?? Number.POSITIVE_INFINITY) - (b.latencyMs ?? Number.POSITIVE_INFINITY),
    );
    return [...near, ...primary.filter((node) => !node.fit)];
  }
  const start = replicas.length > 0 ? turn % replicas.length : 0;
  return [...replicas.slice(start), ...replicas.slice(0, start), ...primary];
}

/** Whether a read may be answered by another node than the primary. */
export function isRouted(options: RouteOptions): boolean {
  return options.node !== undefined || (options.route !== undefined && options.route !== "primary");
}
