import { type CheckAnswer, type CheckContext, cannotJudge } from "../check.ts";
import { coveredSeconds, growth } from "../collector/history/ratio.ts";
import { durationInWords } from "../words.ts";

/** Rates are judged once so much of the last minutes was sampled. */
const recentSeconds = 300;
/** A window that is mostly gaps would call a quiet minute a quiet five minutes. */
const leastCovered = 0.6;

/** Read together, so that the checks on them ask the history once for each window. */
const counters = [
  "database.commits",
  "database.rollbacks",
  "database.blksHit",
  "database.blksRead",
  "database.tempFiles",
  "database.tempBytes",
  "database.deadlocks",
  "database.blkReadTimeMs",
  "database.activeMs",
  "io.client.readTimeMs",
];

/** Counter → what it grew by over a window; without those that were not counted in it. */
export type Counts = Partial<Record<string, number>>;

/**
 * What the counters of pg_stat_database (and the time that clients read, of pg_stat_io) grew by over the last seconds, judged; or why they cannot be judged: learning
 * while collecting began only just, no data where samples are missing.
 * @param subject what is not judged then, in the plural: "Deadlocks"
 */
export async function judgeDatabaseCounts(
  { audit, history, now }: CheckContext,
  { subject, windowSeconds }: { subject: string; windowSeconds: number },
  judge: (counts: Counts) => CheckAnswer,
): Promise<CheckAnswer> {
  const since = (seconds: number) => ({ from: new Date(now.getTime() - seconds * 1_000), to: now });
  const needed = Math.min(recentSeconds, windowSeconds);
  const [recent, found] = await Promise.all([
    history.totals(audit.target, counters, since(needed)),
    history.totals(audit.target, counters, since(windowSeconds)),
  ]);
  const covered = coveredSeconds(recent.series["database.commits"], recent.stepSeconds);
  if (covered >= needed * leastCovered)
    return judge(
      Object.fromEntries(
        counters
          .filter((name) => found.series[name]?.some(([, rate]) => rate !== null))
          .map((name) => [name, growth(found.series[name], found.stepSeconds)]),
      ),
    );
  const begun = recent.collectingSince;
  const learning = begun === null || now.getTime() - begun.getTime() < needed * 1_000;
  const reason = `Rates need ${durationInWords(needed)} of samples; ${durationInWords(covered)} of them could be read.`;
  return cannotJudge(
    `${subject} are not judged ${learning ? "yet" : "just now"}.`,
    {
      code: "insufficient_data",
      reason,
      ...(learning && { until: new Date((begun ?? now).getTime() + needed * 1_000) }),
    },
    learning ? "unavailable" : "no_data",
  );
}
