import type { ReplicationServer } from "@/lib/replication/types.ts";

export interface ServerBranch {
  server: ReplicationServer;
  /** Something feeds it; otherwise it is drawn beneath the primary by a broken line. */
  fed: boolean;
  children: ServerBranch[];
}

/**
 * The servers as they feed each other: primaries and what is read-write first, each with its standbys beneath it by
 * name. A standby that nobody feeds hangs from the first server, unfed, where it is looked for.
 */
export function buildTree(servers: readonly ReplicationServer[]): ServerBranch[] {
  const keys = new Set(servers.map(({ key }) => key));
  const isRoot = (server: ReplicationServer, index: number) =>
    index === 0 || (server.role !== "standby" && server.upstream === null);
  const roots = servers.filter(isRoot);
  const [first] = roots;
  const parentOf = (server: ReplicationServer) =>
    server.upstream !== null && keys.has(server.upstream) ? server.upstream : first?.key;
  const seen = new Set(roots.map(({ key }) => key));
  const branch = (server: ReplicationServer): ServerBranch => {
    const children = servers.filter((each) => !seen.has(each.key) && parentOf(each) === server.key);
    for (const { key } of children) seen.add(key);
    return {
      server,
      fed: server.upstream !== null,
      children: children.toSorted((a, b) => a.name.localeCompare(b.name)).map(branch),
    };
  };
  return roots.map(branch);
}
