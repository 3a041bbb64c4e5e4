import type { Env } from "../env/parse.ts";

/** Something one worker at a time does over and over. */
export interface Duty {
  duty: DutyName;
  /** The target it is done for; `*` when it is done for the whole console. */
  target: string;
  /** What it does, for people. */
  title: string;
  /** From the end of a round to the next. */
  everyMs: number;
  /** The same after a round that failed. */
  retryMs: number;
}

/** What is to be done over and over, whoever does it. `lib/worker.ts` says how. */
const kinds = {
  collector: { title: "Sample the server", everyMs: 10_000, retryMs: 10_000 },
  outbox: { title: "Deliver audit events", everyMs: 2_000, retryMs: 2_000 },
  effects: { title: "Look up unknown outcomes", everyMs: 10_000, retryMs: 10_000 },
  holds: {
    title: "Put legal holds in force, and let go on what they kept back",
    everyMs: 2_000,
    retryMs: 5_000,
  },
  approvals: { title: "Let requests for approval expire", everyMs: 60_000, retryMs: 10_000 },
  housekeeping: { title: "Roll up and drop samples", everyMs: 20_000, retryMs: 20_000 },
  vault: { title: "Keep master keys and the signing key", everyMs: 600_000, retryMs: 60_000 },
  erasures: { title: "Begin erasures whose day has come", everyMs: 5_000, retryMs: 10_000 },
  executions: { title: "Go on with requests that waited", everyMs: 5_000, retryMs: 10_000 },
  requests: { title: "Keep the clocks and dates of requests", everyMs: 60_000, retryMs: 10_000 },
  incidents: { title: "Move incidents by the clock", everyMs: 15_000, retryMs: 5_000 },
  tellings: { title: "Find out who is to be told of alerts", everyMs: 2_000, retryMs: 2_000 },
  deliveries: { title: "Tell people of alerts", everyMs: 1_000, retryMs: 2_000 },
  checks: { title: "Evaluate checks", everyMs: 30_000, retryMs: 10_000 },
  ledger: { title: "Compare the log with the privacy ledger", everyMs: 15_000, retryMs: 5_000 },
  ping: { title: "Ping the dead man's switch", everyMs: 60_000, retryMs: 20_000 },
} as const;

export type DutyName = keyof typeof kinds;

/** The duties of a console with these settings: what its workers lead, and what should be led although no worker runs. */
export function expectedDuties({
  targets,
  MASTER_KEY_FILE,
  CHECKS_EVERY_SECONDS,
  ALERT_PING_URL,
}: Pick<Env, "targets" | "MASTER_KEY_FILE" | "CHECKS_EVERY_SECONDS" | "ALERT_PING_URL">): Duty[] {
  const expect = (duty: DutyName, target = "*"): Duty => ({ duty, target, ...kinds[duty] });
  return [
    ...targets.map((target) => expect("collector", target.name)),
    expect("outbox"),
    expect("housekeeping"),
    expect("effects"),
    expect("holds"),
    expect("approvals"),
    expect("requests"),
    expect("executions"),
    expect("incidents"),
    expect("tellings"),
    expect("deliveries"),
    ...(MASTER_KEY_FILE ? [expect("vault"), expect("erasures")] : []),
    ...targets.map((target) => expect("ledger", target.name)),
    ...(ALERT_PING_URL ? [expect("ping")] : []),
    ...targets.map((target) => ({
      ...expect("checks", target.name),
      everyMs: CHECKS_EVERY_SECONDS * 1_000,
    })),
  ];
}
