import { defineCheck, type Limits, type ObjectState, type OpenErasure, stateAt } from "../../check.ts";
import { counted, durationInWords } from "../../words.ts";

const source = "erasure (console)";

/** Erasures whose day has come and that did not come through. Holds keep theirs back for as long as they stand. */
export const lateErasure = defineCheck({
  id: "privacy.erasure_late",
  title: "Erasure not through by its day",
  source,
  why: "A key goes within minutes of the day its floor ends; an hour leaves room for a target that is down for maintenance, and six for a night.",
  unit: "seconds",
  path: "privacy",
  runbook:
    "A person's events were to be unreadable by now and are not: the key is still there although the floor of retention has ended and no hold keeps it. See on Jobs what the job privacy.erase failed with: mostly a target that could not be asked, or a console database that was away. It is begun anew every ten minutes; mend its cause.",
  needs: "Nothing beyond the console's own database.",
  thresholds: { warning: 3_600, critical: 21_600, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ erasures, now }, limitsFor) {
    const late = (await erasures()).flatMap(({ state, dueAt }) =>
      state === "kept" && dueAt !== null && dueAt < now ? [dueAt] : [],
    );
    return { objects: [judgeLate(late, limitsFor({ kind: "target" }), now)], complete: true };
  },
});

/** Erasures that wait for nobody and do not move. */
export const stalledErasure = defineCheck({
  id: "privacy.erasure_stalled",
  title: "Erasure that does not go on",
  source,
  why: "A key is destroyed about a minute after it was marked; a quarter of an hour is many tries.",
  unit: "seconds",
  path: "privacy",
  runbook:
    "An erasure was agreed to, or its key is marked already, and nobody carries it on. See on Jobs whether a worker runs at all, and what the job privacy.erase failed with. While a key is marked its events are shown to nobody; it is neither lost nor destroyed, and the next run goes on with it.",
  needs: "Nothing beyond the console's own database.",
  thresholds: { warning: 900, critical: 7_200, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ erasures, now }, limitsFor) {
    const since = (await erasures()).flatMap(movedAt);
    return { objects: [judgeStalled(since, limitsFor({ kind: "target" }), now)], complete: true };
  },
});

function movedAt({ state, requestedAt, markedAt }: OpenErasure): Date[] {
  if (state === "asked") return [requestedAt];
  return state === "marked" ? [markedAt ?? requestedAt] : [];
}

export function judgeLate(due: readonly Date[], threshold: Limits, now: Date): ObjectState {
  return judgeOldest(due, threshold, now, ({ seconds }) =>
    seconds === 0
      ? { title: "Every erasure is through by its day.", detail: "Nothing needs doing." }
      : {
          title: `${counted(due.length, "erasure")} should have come through ${durationInWords(seconds)} ago.`,
          detail:
            "The floor of retention has ended and no hold is named. See on Jobs what privacy.erase fails with.",
        },
  );
}

export function judgeStalled(moved: readonly Date[], threshold: Limits, now: Date): ObjectState {
  return judgeOldest(moved, threshold, now, ({ seconds, state }) =>
    state === "ok"
      ? { title: "No erasure stands still.", detail: "Nothing needs doing." }
      : {
          title: `${counted(moved.length, "erasure")} ${moved.length === 1 ? "goes" : "go"} not on, the oldest for ${durationInWords(seconds)}.`,
          detail: "See on Jobs whether a worker runs, and what privacy.erase fails with.",
        },
  );
}

/** How long ago the oldest of some moments was, against limits in seconds. */
function judgeOldest(
  times: readonly Date[],
  threshold: Limits,
  now: Date,
  wordsOf: (judged: { seconds: number; state: ObjectState["state"] }) => ObjectState["words"],
): ObjectState {
  const oldest = times.length === 0 ? null : Math.min(...times.map((at) => at.getTime()));
  const seconds = oldest === null ? 0 : Math.max(0, Math.round((now.getTime() - oldest) / 1_000));
  const state = stateAt(seconds, threshold);
  return {
    object: { kind: "target" },
    state,
    value: seconds,
    threshold,
    since: oldest === null ? null : new Date(oldest),
    words: wordsOf({ seconds, state }),
  };
}
