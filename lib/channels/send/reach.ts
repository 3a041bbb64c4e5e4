import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";

/** Which destinations messages may be sent to. */
export interface Reach {
  /** For sockets: resolves a name to the addresses that may be connected to, and fails when there is none. */
  lookup: LookupFunction;
  /** Why no connection to this host is tried, or null: a name is judged by what it resolves to when it is connected to. */
  refusalOf(host: string, plain: boolean): string | null;
  /** Whether what is sent to this address of this host may go without TLS. */
  mayBePlain(host: string, address: string): boolean;
}

/** A lookup as `node:dns` has it, with every address. */
export type LookupAll = (
  host: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: { address: string; family: number }[]) => void,
) => void;

const refusedDestination = "EDESTINATION";

/**
 * Only addresses of the public internet, and what `allowed` names: hosts, addresses and networks. The address that was
 * judged is the one that is connected to, so that a name whose answer changes in between leads nowhere else.
 */
export function createReach(allowed: readonly string[], lookupAll: LookupAll = systemLookup): Reach {
  const names = new Set(allowed.filter((one) => isIP(one) === 0 && !one.includes("/")).map(lowered));
  const networks = allowed.filter((one) => isIP(one) !== 0 || one.includes("/")).map(networkOf);
  const inNetwork = (address: string) => networks.some((network) => contains(network, address));
  const byName = (host: string) => names.has(lowered(host));
  // A host's own metadata service hands out credentials: a name alone never leads there.
  const mayReach = (host: string, address: string) =>
    inNetwork(address) || (byName(host) ? !isMetadata(address) : isPublic(address));
  const mayBePlain = (host: string, address: string) => byName(host) || inNetwork(address);

  return {
    mayBePlain,
    refusalOf(host, plain) {
      if (isIP(host) === 0) return plain && networks.length === 0 && !byName(host) ? noTls(host) : null;
      if (!mayReach(host, host)) return isPrivate(host);
      return plain && !mayBePlain(host, host) ? noTls(host) : null;
    },
    lookup(host, options, done) {
      lookupAll(host, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, "", 0);
        const reached = addresses.filter(({ address }) => mayReach(host, address));
        const [first] = reached;
        if (!first) return done(refusal(isPrivate(host)), "", 0);
        if (options.all) done(null, reached);
        else done(null, first.address, first.family);
      });
    },
  };
}

export const refusal = (message: string) => Object.assign(new Error(message), { code: refusedDestination });

const isPrivate = (host: string) =>
  `${host} leads to a private or reserved address. Name it in ALERT_DESTINATIONS_ALLOWED if alerts may go there.`;
export const noTls = (host: string) =>
  `${host} would be sent to without TLS. Use TLS, or name it in ALERT_DESTINATIONS_ALLOWED.`;

const lowered = (name: string) => name.toLowerCase().replace(/\.$/, "");

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

function networkOf(text: string): Network {
  if (text.includes("/")) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function contains([base, bits]: Network, text: string): boolean {
  const address = parsed(text);
  return address !== null && address.kind() === base.kind() && address.match(base, bits);
}

/** An IPv4 address in IPv6 clothes is the IPv4 address; a zone is part of no network. */
function parsed(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  return ipaddr.isValid(text) ? ipaddr.process(text) : null;
}

const globalUnicast: Network = [ipaddr.parse("2000::"), 3];
/** Azure's is the one that lies in a public range. */
const metadata = [
  "169.254.0.0/16",
  "168.63.129.16/32",
  "100.100.100.200/32",
  "fd00:ec2::/32",
  "fe80::/10",
].map(networkOf);

const isMetadata = (address: string) => metadata.some((network) => contains(network, address));

/**
 * Whether an address is one host of the public internet: neither special by any registry that ipaddr.js knows (private,
 * loopback, link-local, shared, 6to4, NAT64, Teredo …) nor, in IPv6, outside of 2000::/3.
 */
export function isPublic(text: string): boolean {
  const address = parsed(text);
  if (address?.range() !== "unicast" || isMetadata(text)) return false;
  return address.kind() === "ipv4" || contains(globalUnicast, text);
}
