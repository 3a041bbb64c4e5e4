import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import type { DutyState } from "../duties/list-duties.ts";
import { durationInWords } from "../words.ts";

/** A round may be this short and still be missed for a change of leader alone. */
const leastRoundMs = 10_000;

/** Whether what workers do over and over is done. Each evaluator watches the next target's, the first also what is for all. */
export const stoppedDuty = defineCheck({
  id: "duties.stopped",
  title: "Duty of a worker stopped",
  source: "history.leader, history.heartbeat, history.duty_failure (console)",
  why: "Another worker takes over within 15 s, so a round may be missing; three in a row are a duty that stands still. It must hold for half a minute, because a restart leaves all of them late at once.",
  for: 30,
  keepFiringFor: 60,
  unit: "count",
  path: "jobs",
  runbook:
    "A worker leads this duty and does not come to its rounds, or none leads it. See on Jobs who does, and in that worker's log what it waits for; a worker that hangs is ended, and another takes over within 15 seconds. A duty whose rounds fail says with what. Where no worker runs at all nothing is evaluated either: then /metrics, the readiness address and the dead-man's ping tell.",
  needs: "A worker on another target, for the evaluator itself.",
  thresholds: { warning: null, critical: 3, direction: "rising" },
  whileDown: true,
  guarded: true,
  async evaluate({ audit, duties, now }, limitsFor) {
    const watched = watchedBy(audit.target, await duties());
    const objects = watched.map((duty) =>
      judgeDuty(duty, limitsFor({ kind: "duty", name: nameOf(duty) }), now),
    );
    return { objects, complete: true };
  },
});

/** The collector is told by its samples, and nobody can watch over the evaluation that they are part of. */
function watchedBy(target: string, duties: readonly DutyState[]): DutyState[] {
  const targets = [...new Set(duties.map((duty) => duty.target))].filter((name) => name !== "*");
  const place = targets.indexOf(target);
  const next = targets[(place + 1) % targets.length];
  return duties.filter((duty) =>
    duty.target === "*"
      ? place === 0
      : duty.duty === "checks"
        ? duty.target === next && next !== target
        : duty.duty !== "collector" && duty.target === target,
  );
}

const nameOf = ({ duty, target }: DutyState) => (target === "*" ? duty : `${duty} of ${target}`);

export function judgeDuty(duty: DutyState, threshold: Limits, now: Date): ObjectState {
  const { title, target, state, leader, lastBeat, failure, everyMs } = duty;
  const began = Math.max(lastBeat?.getTime() ?? 0, leader?.since.getTime() ?? 0);
  const late = began > 0 ? Math.max(0, now.getTime() - began) : null;
  const stands = state === "late" || state === "unled";
  const missed = late === null ? null : stands ? Math.floor(late / Math.max(everyMs, leastRoundMs)) : 0;
  const where = target === "*" ? "" : ` of ${target}`;
  const judged = { object: { kind: "duty", name: nameOf(duty) }, value: missed, threshold } as const;
  if (stands)
    return {
      ...judged,
      state: missed === null ? "warning" : stateAt(missed, threshold),
      since: began > 0 ? new Date(began) : null,
      words: {
        title: `“${title}”${where} ${late === null ? "was never done" : `has not been done for ${durationInWords(late / 1_000)}`}: ${leader ? `${leader.holder.split(":").slice(0, 2).join(", process ")} leads it and does not come to it` : "no worker leads it"}.`,
        detail:
          "See on Jobs who leads it, and in that worker's log what it waits for; end a worker that hangs.",
      },
    };
  return {
    ...judged,
    state: failure ? "warning" : "ok",
    since: failure?.since ?? null,
    words: failure
      ? {
          title: `“${title}”${where} fails: ${failure.message.replace(/\.$/, "")}.`,
          detail: "It is tried again by itself; see the worker's log for more.",
        }
      : { title: `“${title}”${where} is done as it should.`, detail: "Nothing needs doing." },
  };
}
