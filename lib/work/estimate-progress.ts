/** How far a job is, and what may be said of the rest. */
export interface JobProgress {
  done: number;
  /** Null while the job does not know it. */
  total: number | null;
  unit: string;
  /** 0 to 1. */
  share: number | null;
  /** Units a second since its present claim began; null where too little was seen. */
  perSecond: number | null;
  /** Null where nobody can know. */
  secondsLeft: number | null;
  /** Why `secondsLeft` is not known. */
  because: "ended" | "no_total" | "too_early" | "stalled" | null;
  /** When it last told. */
  at: Date | null;
}

export interface ProgressFacts {
  state: string;
  done: number | null;
  total: number | null;
  unit: string | null;
  /** When `done` was told. */
  progressAt: Date | null;
  /** The present claim: its beginning, and how far the job was then. */
  claimedAt: Date | null;
  doneFrom: number | null;
}

/** A claim younger than this has no speed yet: its first figures are connections and plans, not work. */
const leastSeconds = 5;
/** Within a minute this share of the whole must have been done before its rest is foretold. */
const leastShare = 0.005;
const surelyEnoughSeconds = 60;
/** A job tells at most once a second; after this long without a word its speed says nothing about now. */
const stalledSeconds = 60;

/**
 * Progress with its speed since the present claim began (what earlier ones did and the pauses between are no measure)
 * and the time that is left at that speed. Null when the job has told nothing yet.
 */
export function estimateProgress(facts: ProgressFacts, now: Date): JobProgress | null {
  const { done, total, unit, progressAt, claimedAt } = facts;
  if (done === null) return null;
  const known = {
    done,
    total,
    unit: unit ?? "",
    share: total !== null && total > 0 ? Math.min(1, Math.max(0, done / total)) : null,
    at: progressAt,
  };
  if (facts.state !== "running") return { ...known, perSecond: null, secondsLeft: null, because: "ended" };
  const gained = done - (facts.doneFrom ?? 0);
  const seconds = claimedAt && progressAt ? (progressAt.getTime() - claimedAt.getTime()) / 1_000 : 0;
  const silentSeconds = progressAt ? (now.getTime() - progressAt.getTime()) / 1_000 : 0;
  const stalled = silentSeconds > stalledSeconds;
  const perSecond = seconds >= leastSeconds && gained > 0 && !stalled ? gained / seconds : null;
  const unknown = (because: JobProgress["because"]) => ({ ...known, perSecond, secondsLeft: null, because });
  if (stalled) return unknown("stalled");
  if (total === null) return unknown("no_total");
  const enough = gained >= total * leastShare || seconds >= surelyEnoughSeconds;
  if (perSecond === null || !enough) return unknown("too_early");
  const secondsLeft = Math.max(0, (total - done) / perSecond - Math.max(0, silentSeconds));
  return { ...known, perSecond, secondsLeft, because: null };
}
