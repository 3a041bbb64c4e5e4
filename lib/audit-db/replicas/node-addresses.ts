import { hostName, hostNames } from "../../address/name-host.ts";
import type { Address, Host } from "../../address/types.ts";
import type { Purpose } from "../purpose.ts";

/** The address of each purpose, and those of read replicas. */
export type PurposeAddresses = { watch: Address; replicas?: readonly Address[] } & Partial<
  Record<Exclude<Purpose, "watch">, Address>
>;

/** A node's name and the address of each purpose there. */
export interface NodeAddresses {
  name: string;
  addresses: Partial<Record<Purpose, Address>> & { watch: Address };
}

/** The database roles that the addresses sign in with. */
export function listRoles(nodes: readonly NodeAddresses[]): string[] {
  const users = nodes.flatMap(({ addresses }) => Object.values(addresses)).map(({ user }) => user);
  return [...new Set(users)];
}

/**
 * The servers of a target in configured order, the watching address's first host first. Every purpose keeps its role
 * and follows to each of them, except one whose address leads elsewhere (a pooler, an address that moves by itself):
 * that one stays where it is. A replica's own address watches there, and reads where no reader is set.
 *
 * An address of several hosts is as many nodes, of which the primary is watched. One that asks for any of them or for a
 * standby is one node: whichever server it leads to.
 */
export function listNodeAddresses(config: PurposeAddresses): NodeAddresses[] {
  const { watch, replicas = [] } = config;
  if (replicas.length === 0 && isOneNode(watch)) return [oneNode(config)];
  const watching = [watch, ...replicas].flatMap(eachHost);
  const byName = new Map<string, Address>();
  for (const address of watching) {
    const name = hostName(address.hosts[0]);
    if (!byName.has(name)) byName.set(name, address);
  }
  const [primary] = watching as [Address];
  return [...byName].map(([name, address]) => {
    const addresses: NodeAddresses["addresses"] = { watch: address };
    for (const purpose of ["read", "write", "maintenance", "privacy", "explain"] as const) {
      const given = config[purpose];
      if (!given) continue;
      if (purpose === "read" && (sameAddress(given, watch) || sameAddress(given, primary)))
        addresses.read = address;
      else {
        const [first] = given.hosts;
        const follows = byName.has(hostName(first));
        if (follows) addresses[purpose] = atHost(given, address.hosts[0]);
        else addresses[purpose] = given;
      }
    }
    return { name, addresses };
  });
}

/** Whether its hosts are not told apart: the address itself says which of them is meant. */
function isOneNode({ hosts, attributesGiven, targetSessionAttrs }: Address): boolean {
  return hosts.length === 1 || (attributesGiven && !["primary", "read-write"].includes(targetSessionAttrs));
}

function oneNode({ replicas: _, ...addresses }: PurposeAddresses): NodeAddresses {
  return { name: hostNames(addresses.watch), addresses };
}

/** Nodes are asked which of them is the primary: to each of them any session will do. */
function eachHost(address: Address): Address[] {
  return address.hosts.map((host) => atHost(address, host));
}

function atHost(address: Address, host: Host): Address {
  return { ...address, hosts: [host], targetSessionAttrs: "any" };
}

function sameAddress(one: Address, other: Address): boolean {
  return (
    JSON.stringify({ ...one, attributesGiven: false }) ===
    JSON.stringify({ ...other, attributesGiven: false })
  );
}
