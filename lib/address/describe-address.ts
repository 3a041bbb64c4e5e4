import { existsSync } from "node:fs";
import { hostName } from "./name-host.ts";
import { whyIgnored } from "./password-file.ts";
import type { Address } from "./types.ts";

/** An address as it was understood; nothing in it is secret. */
export interface DescribedAddress {
  user: string;
  database: string;
  /** `host:port`, with where it connects instead in brackets, in the order they are tried. */
  hosts: string[];
  password: string;
  tls: string;
  /** What chooses among several hosts, and how a silent one is noticed. */
  connecting: string[];
  /** What it asks for that the console's sessions choose themselves: name → what holds instead. */
  overridden: { setting: string; because: string }[];
}

/**
 * @param pinned settings that our sessions choose themselves, in lower case, with the values they give
 */
export function describeAddress(address: Address, pinned: ReadonlyMap<string, string>): DescribedAddress {
  const { hosts, keepalives, connectTimeoutSeconds, options } = address;
  return {
    user: address.user,
    database: address.database,
    hosts: hosts.map((host) => hostName(host) + (host.hostaddr ? ` (${host.hostaddr})` : "")),
    password: whereFrom(address),
    tls: hosts.every(({ socket }) => socket) ? "none on a Unix socket" : describeTls(address),
    connecting: [
      ...(address.attributesGiven ? [`target_session_attrs ${address.targetSessionAttrs}`] : []),
      ...(address.balanced ? ["hosts in random order"] : []),
      ...(connectTimeoutSeconds ? [`connect_timeout ${connectTimeoutSeconds} s`] : []),
      ...(keepalives.on ? [] : ["no keepalives"]),
    ],
    overridden: [
      ...listSettings(options ?? "").flatMap(({ name, value }) => {
        const ours = pinned.get(name.toLowerCase());
        if (ours === undefined || ours.toLowerCase() === value.toLowerCase()) return [];
        return [{ setting: `${name} = ${value} in options`, because: `the console's sessions have ${ours}` }];
      }),
      ...(address.applicationName === undefined
        ? []
        : [{ setting: "application_name", because: "each kind of session has a name of its own" }]),
      ...(address.clientEncoding === undefined || /^utf-?8$/i.test(address.clientEncoding)
        ? []
        : [{ setting: "client_encoding", because: "the console's sessions have UTF8" }]),
    ],
  };
}

function whereFrom({ password, passwordFile }: Address): string {
  if (password !== undefined) return "given";
  const ignored = whyIgnored(passwordFile);
  return ignored === undefined ? `from ${passwordFile}, if it has one` : `none (${passwordFile}: ${ignored})`;
}

function describeTls({ tls }: Address): string {
  const root = tls.root === "system" ? "the system's authorities" : tls.root;
  const there = tls.root === "system" || (tls.root !== undefined && existsSync(tls.root));
  const checked =
    tls.mode === "disable"
      ? []
      : there
        ? [`certificate checked by ${root}${tls.mode === "verify-full" ? ", and its name" : ""}`]
        : tls.mode.startsWith("verify")
          ? [`${root}, which it needs, is not there`]
          : ["certificate not checked"];
  const own = tls.mode !== "disable" && tls.cert && existsSync(tls.cert) ? [`shows ${tls.cert}`] : [];
  return [`sslmode ${tls.mode}`, ...checked, ...own].join("; ");
}

/** The settings of a server's command line, `-c name=value` and `--name=value`; a backslash keeps a space. */
export function listSettings(options: string): { name: string; value: string }[] {
  const words = options.match(/(?:\\.|[^\s\\])+/gs)?.map((word) => word.replace(/\\(.)/gs, "$1")) ?? [];
  return words.flatMap((word, i) => {
    const text = /^--/.test(word)
      ? word.slice(2)
      : word === "-c"
        ? words[i + 1]
        : word.startsWith("-c")
          ? word.slice(2)
          : undefined;
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text ?? "") ?? [];
    return name === undefined || value === undefined ? [] : [{ name: name.replaceAll("-", "_"), value }];
  });
}
