import type { TargetStatus } from "../audit-db/target-facts.ts";
import { counted, durationInWords, type Finding } from "../finding.ts";
import type { Verdict } from "./types.ts";

/**
 * The state of a target in words: its outage, else its worst finding, else that nothing was found. Checks
 * that could not run keep it from being OK.
 * @param findings worst first, checks that could not run last
 */
export function judge(status: TargetStatus, findings: readonly Finding[], now: Date): Verdict {
  if (status.state !== "up") return judgeOutage(status, now);
  const [worst] = findings;
  const found = findings.filter((finding) => !finding.unavailable);
  const blind = findings.length - found.length;
  if (worst && !worst.unavailable) {
    const others = found.length - 1;
    const more = others > 0 ? ` ${counted(others, "more finding")} below.` : "";
    return {
      state: worst.severity,
      title: worst.title,
      detail: `${worst.detail}${more}`,
      since: worst.since ?? null,
    };
  }
  if (blind > 0)
    return {
      state: "unknown",
      title: `Nothing bad was found, but ${counted(blind, "check")} could not run.`,
      detail: `${worst?.title ?? ""} ${worst?.detail ?? ""}`.trim(),
      since: null,
    };
  return {
    state: "ok",
    title: "All is well.",
    detail:
      "Connections, caches, queries, partitions, replication, quarantine and the collector were checked; nothing needs a person.",
    since: null,
  };
}

function judgeOutage(status: TargetStatus, now: Date): Verdict {
  const seconds = (now.getTime() - status.since.getTime()) / 1_000;
  if (status.state === "connecting")
    return {
      state: "unknown",
      title: `Connecting to ${status.target} for ${durationInWords(seconds)}.`,
      detail: "No figure has been read yet.",
      since: status.since,
    };
  return {
    state: "down",
    title: `${status.target} has not answered for ${durationInWords(seconds)}: ${status.reason ?? "unknown reason"}.`,
    detail: remedies[status.cause ?? "unreachable"],
    since: status.since,
  };
}

const remedies: Record<NonNullable<TargetStatus["cause"]>, string> = {
  unreachable:
    "The figures below are the last known ones. Check that the server runs and that host, port and firewall let this console through; it keeps trying.",
  refused:
    "The server refuses this role: check the password, pg_hba.conf and the role's CONNECT privilege; the console keeps trying.",
  tls: "The encrypted connection failed: check sslmode in the URL and the server's certificate; the console keeps trying.",
  unsupported: "Upgrade the server to PostgreSQL 14 or newer, or watch another one.",
  pooler:
    "Give the console a direct connection to PostgreSQL: behind a transaction pooler its figures would be wrong.",
  starting: "The server is starting or recovering and will answer by itself.",
};
