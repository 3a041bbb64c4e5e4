import type { TargetStatus } from "../audit-db/target-facts.ts";
import { defineCheck, type ObjectState } from "../check.ts";
import { durationInWords } from "../words.ts";

/** Whether the target answers at all: what every other check rests on. */
export const reachable = defineCheck({
  id: "target.reachable",
  source: "the engine's own connections",
  why: "A target that does not answer is critical at once: nothing else about it is known. Two good evaluations in a row end it, so that a server that restarts twice is one alert.",
  keepFiringFor: 60,
  title: "Target answers",
  unit: "seconds",
  path: "settings/targets",
  runbook:
    "Nothing is known of this database while it does not answer; what is shown is last known. See whether its server runs and what its log says, then whether host, port and firewall let the console through: psql from the console's machine with the same URL tells. After a fail-over the address may lead to the old server.",
  needs: "Nothing beyond an address.",
  thresholds: null,
  whileDown: true,
  outage: true,
  async evaluate({ audit, now }) {
    return { objects: [judgeStatus(audit.status(), now)], complete: true };
  },
});

export function judgeStatus(status: TargetStatus, now: Date): ObjectState {
  const { target, state, since } = status;
  const seconds = Math.max(0, (now.getTime() - since.getTime()) / 1_000);
  const judged = { object: { kind: "target" }, threshold: null, since } as const;
  if (state === "up")
    return {
      ...judged,
      state: "ok",
      value: 0,
      words: { title: `${target} answers.`, detail: "Nothing needs doing." },
    };
  if (state === "connecting")
    return {
      ...judged,
      state: "no_data",
      value: null,
      words: {
        title: `Connecting to ${target} for ${durationInWords(seconds)}.`,
        detail: "No figure has been read yet.",
      },
      unavailable: { code: "insufficient_data", reason: "No figure has been read yet." },
    };
  return {
    ...judged,
    state: "critical",
    value: seconds,
    words: {
      title: `${target} has not answered for ${status.atLeast ? "at least " : ""}${durationInWords(seconds)}: ${status.reason ?? "unknown reason"}.`,
      detail: `${status.atLeast ? "It was down when the console first looked. " : ""}${remedies[status.cause ?? "unreachable"]}`,
    },
  };
}

const remedies: Record<NonNullable<TargetStatus["cause"]>, string> = {
  unreachable:
    "The figures below are the last known ones. Check that the server runs and that host, port and firewall let this console through; it keeps trying.",
  refused:
    "The server refuses this role: check the password, pg_hba.conf and the role's CONNECT privilege; the console keeps trying.",
  database:
    "Check the database's name in the address (a space is written %20, / is %2F, % is %25) and that the database accepts connections; the console keeps trying.",
  full: "End connections that nobody needs, make the applications' pools smaller, or raise max_connections; the console keeps trying.",
  setting: "Take the setting out of options in the address and start the console again.",
  attributes:
    "Check that each server of the address runs and which of them is the primary, or change target_session_attrs; the console keeps trying.",
  tls: "The encrypted connection failed: check sslmode in the URL and the server's certificate; the console keeps trying.",
  unsupported: "Upgrade the server to PostgreSQL 14 or newer, or watch another one.",
  pooler:
    "Give the console a direct connection to PostgreSQL: behind a transaction pooler its figures would be wrong.",
  starting: "The server is starting or recovering and will answer by itself.",
};
