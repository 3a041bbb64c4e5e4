import { type DescribedAddress, describeAddress } from "../../address/describe-address.ts";
import { type SessionUse, startupSettings } from "../../audit-db/pool/session-settings.ts";
import { understand } from "../../audit-db/pool/understand.ts";
import type { Target } from "../../env/targets.ts";
import type { Output } from "../output/output.ts";

export type NamedAddress = { purpose: string } & DescribedAddress;

/** Every address of a target as the console understands it, without secrets. @throws AppError BAD_INPUT */
export function describeAddresses(target: Target): NamedAddress[] {
  const given: [purpose: string, url: string | undefined, use: SessionUse | undefined][] = [
    ["watch", target.watchUrl, "watch"],
    ...target.replicaUrls.map((url): [string, string, SessionUse] => ["replica", url, "watch"]),
    ["pooler", target.poolerUrl, undefined],
    ["read", target.readerUrl, "read"],
    ["write", target.writerUrl, "write"],
    ["maintenance", target.maintenanceUrl, "maintenance"],
    ["privacy", target.privacyUrl, "privacy"],
    ["explain", target.explainUrl, "explain"],
  ];
  return given.flatMap(([purpose, url, use]) => {
    if (url === undefined) return [];
    const pinned = Object.entries(use ? startupSettings(use) : {});
    const inLowerCase = new Map(pinned.map(([name, value]) => [name.toLowerCase(), value]));
    return [{ purpose, ...describeAddress(understand(url), inLowerCase) }];
  });
}

export function tellAddresses({ line, colors }: Output, addresses: readonly NamedAddress[]): void {
  line("  Addresses");
  for (const { purpose, user, database, hosts, password, tls, connecting, overridden } of addresses) {
    line(`    ${purpose}: ${user} at ${hosts.join(", ")}, database ${database}`);
    line(colors.dim(`      password ${password}; ${[tls, ...connecting].join("; ")}`));
    for (const { setting, because } of overridden)
      line(colors.yellow(`      ${setting} is overridden: ${because}`));
  }
}
