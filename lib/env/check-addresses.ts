import { parseAddress } from "../address/parse-address.ts";
import { AppError } from "../errors.ts";
import type { Target } from "./targets.ts";

/** Looks services up, so that a start does not go well without what an address names. A line a problem. */
export function checkAddresses(
  { CONSOLE_DATABASE_URL }: { CONSOLE_DATABASE_URL?: string | undefined },
  targets: readonly Target[],
  environment: Record<string, string | undefined>,
  problems: string[],
): void {
  const check = (whose: string, url: string | undefined) => {
    if (url === undefined) return;
    try {
      return parseAddress(url, environment);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      problems.push([`${whose}: ${thrown.message}`, thrown.hint].filter(Boolean).join(" "));
    }
  };
  check("CONSOLE_DATABASE_URL", CONSOLE_DATABASE_URL);
  for (const target of targets) {
    const watch = check(`the watching address of ${target.name}`, target.watchUrl);
    const { poolerUrl, readerUrl, writerUrl, maintenanceUrl, privacyUrl, explainUrl, replicaUrls } = target;
    for (const url of replicaUrls) check(`a replica's address of ${target.name}`, url);
    for (const [purpose, url] of Object.entries({
      pooler: poolerUrl,
      reader: readerUrl,
      writer: writerUrl,
      maintenance: maintenanceUrl,
      privacy: privacyUrl,
      explain: explainUrl,
    }))
      check(`the ${purpose} address of ${target.name}`, url);
    if (replicaUrls.length > 0 && watch?.attributesGiven && !primaries.has(watch.targetSessionAttrs))
      problems.push(
        `the watching address of ${target.name}: beside AUDIT_REPLICA_URLS the primary is watched, so target_session_attrs may only be primary or read-write`,
      );
  }
}

const primaries = new Set(["primary", "read-write"]);
