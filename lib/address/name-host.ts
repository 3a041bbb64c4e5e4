import type { Address, Host } from "./types.ts";

/** `host:port`, which names a server of a target; an IPv6 address in brackets, a Unix socket by its folder. */
export function hostName({ host, port }: Host): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** All hosts of an address, as one name. */
export function hostNames({ hosts }: Pick<Address, "hosts">): string {
  return hosts.map(hostName).join(",");
}

/** Whose eyes look at what: role, hosts, database and options; no secret. The same in every process. */
export function addressIdentity({ user, hosts, database, options }: Address): string {
  return JSON.stringify([user, hostNames({ hosts }), database, options ?? ""]);
}
