import type { NodeStatus } from "../audit-db/replicas/types.ts";
import { largest } from "./get-replication-status.ts";
import type { Receiver, ReplicationServer, ReplicationStatus, Standby } from "./types.ts";

interface Asked {
  node: NodeStatus;
  /** null: it could not be asked. */
  status: ReplicationStatus | null;
}

/**
 * Puts together what each server says of itself and of those it feeds. A feeding process names no port of the standby
 * at its other end, so the two are matched by slot, else by application name, else by that and the address; what
 * stays ambiguous stands twice, once as each side sees it.
 * @param asked configured servers, the primary first
 */
export function linkServers(asked: readonly Asked[]): ReplicationServer[] {
  const [primary] = asked;
  const servers = asked.map(({ node, status }): ReplicationServer => {
    const receiver = status?.receiver ?? null;
    return {
      key: node.name,
      name: receiver?.applicationName ?? node.name,
      role: roleOf(node),
      node,
      upstream: null,
      standby: null,
      receiver,
      lagBytes: node.lagBytes ?? receiver?.lagBytes ?? null,
      lagSeconds: node.lagSeconds ?? receiver?.lagSeconds ?? null,
    };
  });
  const strangers: ReplicationServer[] = [];
  for (const { node: upstream, status } of asked) {
    for (const standby of status?.standbys ?? []) {
      const free = servers.filter((each) => each.key !== upstream.name && each.standby === null);
      const found = matchStandby(standby, free);
      if (!found) {
        strangers.push(describeStranger(standby, upstream.name, strangers));
        continue;
      }
      found.standby = standby;
      found.upstream = upstream.name;
      found.name = standby.applicationName || found.name;
      // Behind the primary is what counts; a standby of a standby is behind its own sender by less.
      if (upstream.name === primary?.node.name) found.lagBytes = standby.lagBytes ?? found.lagBytes;
      found.lagSeconds = largest([found.lagSeconds, standby.lagSeconds]);
    }
  }
  return [...servers, ...strangers];
}

function roleOf({ role }: NodeStatus): ReplicationServer["role"] {
  return role === "replica" ? "standby" : role;
}

function matchStandby(
  standby: Standby,
  servers: readonly ReplicationServer[],
): ReplicationServer | undefined {
  const receiving = (test: (receiver: Receiver) => boolean) =>
    servers.filter(({ receiver }) => receiver?.connected && test(receiver));
  const bySlot = receiving(({ slot }) => slot !== null && slot === standby.slot);
  if (bySlot.length === 1) return bySlot[0];
  const byName = receiving(
    ({ applicationName, slot }) => applicationName === standby.applicationName && slot === standby.slot,
  );
  if (byName.length === 1) return byName[0];
  const byAddress = byName.filter(({ receiver }) => receiver?.serverAddress === standby.clientAddress);
  return byAddress.length === 1 ? byAddress[0] : undefined;
}

function describeStranger(
  standby: Standby,
  upstream: string,
  known: readonly ReplicationServer[],
): ReplicationServer {
  const name = standby.applicationName || `process ${standby.pid}`;
  const plain = standby.clientAddress ? `${name} at ${standby.clientAddress}` : name;
  const namesakes = known.filter(({ key }) => key === plain || key.startsWith(`${plain} (`)).length;
  return {
    key: namesakes > 0 ? `${plain} (${namesakes + 1})` : plain,
    name,
    role: "standby",
    node: null,
    upstream,
    standby,
    receiver: null,
    lagBytes: standby.lagBytes,
    lagSeconds: standby.lagSeconds,
  };
}
