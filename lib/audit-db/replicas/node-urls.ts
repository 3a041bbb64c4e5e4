import type { Purpose } from "../purpose.ts";
import type { EngineConfig } from "../types.ts";
import { atNode, nodeName, splitHosts } from "./node-url.ts";

/** A node's name and the URL of each purpose there. */
export interface NodeUrls {
  name: string;
  urls: Partial<Record<Purpose, string>> & { watch: string };
}

/** The database roles that the URLs sign in with. */
export function listRoles(nodes: readonly NodeUrls[]): string[] {
  const users = nodes
    .flatMap(({ urls }) => Object.values(urls))
    .map((url) => decodeURIComponent(new URL(url).username));
  return [...new Set(users)].filter(Boolean);
}

/**
 * The servers of a target in configured order, the watching URL's first host first. Every purpose keeps its role
 * and follows to each of them, except one whose URL leads elsewhere (a pooler, an address that moves by itself):
 * that one stays where it is. A replica's own URL watches there, and reads where no reader is set.
 */
export function listNodeUrls(config: EngineConfig["urls"]): NodeUrls[] {
  const watchUrls = [config.watch, ...(config.replicas ?? [])].flatMap(splitHosts);
  const byName = new Map<string, string>();
  for (const url of watchUrls) if (!byName.has(nodeName(url))) byName.set(nodeName(url), url);
  const [primaryUrl] = splitHosts(config.watch);
  return [...byName].map(([name, watch]) => {
    const urls: NodeUrls["urls"] = { watch };
    for (const purpose of ["read", "write", "maintenance", "privacy", "explain"] as const) {
      const url = config[purpose];
      const [first] = url ? splitHosts(url) : [];
      if (!url || !first) continue;
      const readsAsWatcher = purpose === "read" && (url === config.watch || first === primaryUrl);
      if (readsAsWatcher) urls.read = watch;
      else {
        const at = nodeName(first);
        urls[purpose] = at === name || !byName.has(at) ? first : atNode(first, name);
      }
    }
    return { name, urls };
  });
}
