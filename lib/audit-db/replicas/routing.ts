import type { Route, RouteOptions } from "./types.ts";

/** What routing looks at in a node. */
export interface Routable {
  name: string;
  isPrimary: boolean;
  /** Trusted, in the state `up`, its circuit not open. */
  fit: boolean;
  latencyMs: number | null;
  /** Epoch milliseconds up to which every write is known to be replayed. */
  freshAt: number | null;
  /** It has replayed all it was sent and nothing more can come: the primary is gone. */
  complete: boolean;
}

export interface Wanted {
  route: Route;
  maxStalenessMs?: number | undefined;
}

/**
 * The nodes that may answer a read, the best first. The primary comes last unless it is `nearest`: it answers
 * when no fit replica is left. While it is gone no replica is too old, and the one that has most comes first.
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
      (maxStalenessMs === undefined ||
        node.complete ||
        (node.freshAt !== null && now - node.freshAt <= maxStalenessMs)),
  );
  if (wanted.route === "nearest") {
    const near = [...primary.filter((node) => node.fit), ...replicas].sort(
      (a, b) => (a.latencyMs ?? Number.POSITIVE_INFINITY) - (b.latencyMs ?? Number.POSITIVE_INFINITY),
    );
    return [...near, ...primary.filter((node) => !node.fit)];
  }
  const start = replicas.length > 0 ? turn % replicas.length : 0;
  return [...freshestFirst([...replicas.slice(start), ...replicas.slice(0, start)]), ...primary];
}

/** Of those that the primary's end made equal in right; the others keep their order. */
function freshestFirst<T extends Routable>(replicas: T[]): T[] {
  if (!replicas.some((node) => node.complete)) return replicas;
  return replicas.sort((a, b) => (b.freshAt ?? 0) - (a.freshAt ?? 0));
}

/** Whether a read may be answered by another node than the primary. */
export function isRouted(options: RouteOptions): boolean {
  return options.node !== undefined || (options.route !== undefined && options.route !== "primary");
}
