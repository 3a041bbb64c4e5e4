import type { Cluster } from "../embedded/cluster/cluster.ts";
import type { Child } from "./child.ts";

/** Everything a start has brought up so far; stopped in the order in which it depends on each other. */
export interface Resources {
  children: Child[];
  clusters: Map<string, Cluster>;
  /** Watchers, locks, files: ended first, synchronously. */
  endings: (() => void)[];
  /** Ends the claim on the data folder, when nothing uses it any more. */
  release(): void;
  /** What a person must still be told if the start fails from here on. */
  parting: string;
}

export function noResources(): Resources {
  return { children: [], clusters: new Map(), endings: [], release: () => {}, parting: "" };
}

/** Processes first (3.5 s at most), then the clusters they use (5 s at most). */
export async function stopAll(resources: Resources): Promise<void> {
  for (const end of resources.endings.splice(0).reverse()) end();
  await Promise.all(resources.children.splice(0).map((child) => child.stop()));
  await Promise.allSettled([...resources.clusters.values()].map((cluster) => cluster.stop(4)));
  resources.clusters.clear();
  resources.release();
}
