import { execFileSync } from "node:child_process";

/** A network of its own behind a cable that can be pulled. */
export interface Namespace {
  name: string;
  /** Address inside. */
  address: string;
  /** This side's address, as seen from inside. */
  gateway: string;
  /** Pulls the cable: packets vanish, nobody is told. */
  cut(): void;
  mend(): void;
  remove(): void;
}

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: "pipe" });

/** Whether this process may make network namespaces (root, or CAP_NET_ADMIN and CAP_SYS_ADMIN). */
export function canMakeNamespace(): boolean {
  const name = `audit-try-${process.pid}`;
  try {
    ip("netns", "add", name);
    ip("netns", "del", name);
    return true;
  } catch {
    return false;
  }
}

/** Makes a namespace linked to this one by a pair of virtual interfaces on a /30 network of its own. */
export function makeNamespace(): Namespace {
  const id = process.pid % 60_000;
  const name = `audit-test-${id}`;
  const [outside, inside] = [`ado${id}`, `adi${id}`];
  const network = `10.${213 + (id % 20)}.${(id >> 6) % 256}`;
  const base = (id % 64) * 4;
  const [gateway, address] = [`${network}.${base + 1}`, `${network}.${base + 2}`];
  ip("netns", "add", name);
  ip("link", "add", outside, "type", "veth", "peer", "name", inside);
  ip("link", "set", inside, "netns", name);
  ip("addr", "add", `${gateway}/30`, "dev", outside);
  ip("link", "set", outside, "up");
  const within = (...args: string[]) => ip("netns", "exec", name, "ip", ...args);
  within("addr", "add", `${address}/30`, "dev", inside);
  within("link", "set", "lo", "up");
  within("link", "set", inside, "up");
  return {
    name,
    address,
    gateway,
    cut: () => within("link", "set", inside, "down"),
    mend: () => within("link", "set", inside, "up"),
    remove() {
      ip("link", "del", outside);
      ip("netns", "del", name);
    },
  };
}
