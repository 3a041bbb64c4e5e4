import type { TargetStatus } from "../audit-db/target-facts.ts";
import { durationInWords, type Finding } from "../finding.ts";

/** The fastest samplers write every 10 s; three of them missed is a collector that stands still. */
const silentAfterSeconds = 30;
/** After an outage the collector may need this long to have figures again. */
const graceSeconds = 60;

/** Whether figures over time are being recorded: checks on them know nothing without it. */
export function judgeCollector(
  status: TargetStatus,
  collected: { since: Date | null; newestAt: Date | null },
  now: Date,
): Finding[] {
  if (status.state !== "up") return [];
  const check = "overview.collector";
  const path = "overview";
  if (collected.since === null || collected.newestAt === null) {
    const reason = "Nothing has been collected from this target yet.";
    return [
      {
        check,
        severity: "notice",
        title: "Checks over time have nothing to look at yet.",
        detail: `${reason} The worker process collects every 10 seconds; if this stays, see whether one runs (ROLE=worker or all).`,
        path,
        unavailable: { code: "insufficient_data", reason },
      },
    ];
  }
  const age = (now.getTime() - collected.newestAt.getTime()) / 1_000;
  const upFor = (now.getTime() - status.since.getTime()) / 1_000;
  if (age <= silentAfterSeconds || upFor < graceSeconds) return [];
  return [
    {
      check,
      severity: "critical",
      title: `Nothing has been collected from this target for ${durationInWords(age)}.`,
      detail:
        "Charts and checks over time stand still. See whether a worker process runs (ROLE=worker or all) and what its log says; another one takes over by itself within 15 seconds.",
      since: collected.newestAt,
      path,
    },
  ];
}
