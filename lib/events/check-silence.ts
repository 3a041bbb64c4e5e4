import {
  type CheckAnswer,
  type CheckContext,
  cannotJudge,
  defineCheck,
  type Limits,
  stateAt,
} from "../check.ts";
import { env } from "../env.ts";
import { durationInWords, momentInWords } from "../words.ts";
import { getNewestEvent } from "./get-newest-event.ts";
import { newestEventAge } from "./samplers.ts";
import { baselineDays, type HourlyPeaks, learningDays, longestPause } from "./silence-baseline.ts";

const dayMs = 86_400_000;
/** What four weeks say changes once an hour. */
const keptMs = 600_000;

/** Whether events still come, by how long they pause at this hour as a rule. */
export const ingestSilence = defineCheck({
  id: "events.silence",
  title: "No new events",
  source: "audit_log: the newest event, sampled each minute",
  why: "Measured against the longest pause of this local hour (± 1) in four weeks, a minute at least. Simulated on eight kinds of logs that never stop, for 211 weeks each, with days, weekends, nights at zero, batches and changes of the clock: 0.014 false warnings a week and log (the worst 0.06), none critical. Nineteen in twenty stops of a busy log are told within 3 min, of one with 60 events an hour within 30 min, of one that is quiet at night within 2 h; where nights and weekends are silent altogether, a stop is told only once it has lasted twice as long as they do.",
  unit: "ratio",
  path: "events",
  runbook:
    "No event has come for much longer than it ever does at this hour. See whether the applications run and reach the database (their logs, Connections), whether they are refused (Quarantined events, Partition for the present, the server's log), and whether a queue in between stands still. An application that writes no events does its work all the same: what happened meanwhile may be missing for good. A planned pause is hushed by a maintenance window.",
  needs: "The audit schema, SELECT on audit_log (audit_reader), and eight days of samples.",
  thresholds: { warning: 2, critical: 6, direction: "rising" },
  async evaluate(context, limitsFor) {
    const { audit, now } = context;
    const { data } = await getNewestEvent(audit, now);
    if (data.unavailable) return cannotJudge("Whether events still come cannot be told.", data.unavailable);
    const { hours, collectingSince } = await readPeaks(context);
    const until = new Date((collectingSince ?? now).getTime() + learningDays * dayMs);
    if (!data.newestAt || until > now)
      return cannotJudge("Whether events still come is not judged yet.", {
        code: "insufficient_data",
        reason: data.newestAt
          ? `Learning the usual pauses until ${momentInWords(until.toISOString())} UTC: a week and a day of samples.`
          : "No event of the last two months is there.",
        ...(data.newestAt && { until }),
      });
    const zone = env().targets.find(({ name }) => name === audit.target)?.timeZone ?? "UTC";
    const usual = longestPause(hours, { now, newestAt: data.newestAt, zone });
    return judgeSilence(data.newestAt, usual, now, limitsFor({ kind: "target" }));
  },
});

function readPeaks({ audit, history, now, once }: CheckContext) {
  const from = new Date(now.getTime() - baselineDays * dayMs);
  return once<{ hours: HourlyPeaks; collectingSince: Date | null }>(
    "events.peaks",
    () => history.peaks(audit.target, newestEventAge, { from, to: now }),
    keptMs,
  );
}

/** @param usualSeconds the longest pause of this hour */
export function judgeSilence(
  newestAt: Date,
  usualSeconds: number,
  now: Date,
  threshold: Limits,
): CheckAnswer {
  const age = Math.max(0, (now.getTime() - newestAt.getTime()) / 1_000);
  const value = age / usualSeconds;
  const state = stateAt(value, threshold);
  return {
    objects: [
      {
        object: { kind: "target" },
        state,
        value,
        threshold,
        since: state === "ok" ? null : newestAt,
        words: {
          title: `The newest event is ${durationInWords(age)} old; at this hour the longest pause in four weeks was ${durationInWords(usualSeconds)}.`,
          detail:
            state === "ok"
              ? "Nothing needs doing."
              : "See whether the applications run and reach the database, and whether their events are refused.",
        },
      },
    ],
    complete: true,
  };
}
