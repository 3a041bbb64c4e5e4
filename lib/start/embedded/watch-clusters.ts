import type { Say } from "../terminal.ts";
import type { Cluster } from "./cluster/cluster.ts";

const everyMs = 2_000;

/**
 * Starts a crashed embedded server again. One that was stopped properly (its pid file is gone) was stopped by a
 * person, and stays so until the next start. @returns what ends the watching
 */
export function watchClusters(clusters: Map<string, Cluster>, say: Say): () => void {
  const known = new Map<string, string>();
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    for (const [name, cluster] of clusters) {
      const { state } = cluster.state();
      const before = known.get(name) ?? "running";
      known.set(name, state);
      if (state === "stopped" && before !== "stopped") {
        say(`the embedded ${name} database was stopped by somebody; start the console again to have it back`);
      }
      if (state !== "crashed") continue;
      say(`the embedded ${name} database crashed; starting it again`);
      await cluster.restart().then(
        () => say(`the embedded ${name} database runs again`),
        (error: Error) => say(error.message),
      );
    }
    busy = false;
  }, everyMs);
  return () => clearInterval(timer);
}
