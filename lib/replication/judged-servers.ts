import type { CheckContext } from "../check.ts";
import type { Unavailable } from "../result.ts";
import { getTopology } from "./get-topology.ts";
import type { ReplicationServer } from "./types.ts";

export interface JudgedServers {
  servers: ReplicationServer[];
  /** Whether every configured server could be asked for who follows it. */
  complete: boolean;
  /** Why the standbys' figures may not be seen. */
  unavailable: Unavailable | undefined;
}

/** Every server of the target, put together once for all checks of an evaluation. */
export function readServers({ audit, once }: CheckContext): Promise<JudgedServers> {
  return once("replication.servers", async () => {
    const { data: servers, unavailable } = await getTopology(audit);
    const silent = servers.filter(({ node }) => node && node.state !== "up" && node.state !== "drained");
    return { servers, complete: silent.length === 0, unavailable };
  });
}
