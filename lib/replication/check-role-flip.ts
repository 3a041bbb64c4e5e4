import { defineCheck, type ObjectState } from "../check.ts";
import type { TargetEvent } from "../collector/types.ts";
import { durationInWords } from "../words.ts";

const windowSeconds = 3_600;

/** A server that became primary or standby within the last hour: meant or not, people should know. */
export const roleFlip = defineCheck({
  id: "replication.role_flip",
  title: "Change of roles",
  source: "what the collector saw of pg_is_in_recovery()",
  why: "An event and no condition: it is shown for an hour after it happened, as a notice.",
  unit: null,
  path: "replication",
  runbook:
    "A server took over as primary, or became a standby. If it was planned, see that every application writes to the new primary, that the old one follows it, and that backups and archiving go on there. If nobody planned it, find out why the old primary was given up, and whether it still takes writes (Two primaries).",
  needs: "A worker that collects.",
  thresholds: null,
  async evaluate({ audit, history, now }) {
    const range = { from: new Date(now.getTime() - windowSeconds * 1_000), to: now };
    const events = await history.events(audit.target, range);
    return { objects: [judgeFlips(events, range.from, now)], complete: true };
  },
});

export function judgeFlips(events: readonly TargetEvent[], from: Date, now: Date): ObjectState {
  const flip = events.find(({ kind, at }) => kind === "role_flip" && at >= from);
  const judged = { object: { kind: "target" }, value: null, threshold: null } as const;
  if (!flip)
    return {
      ...judged,
      state: "ok",
      since: null,
      words: { title: "No server changed its role in the last hour.", detail: "Nothing needs doing." },
    };
  return {
    ...judged,
    state: "notice",
    since: flip.at,
    words: {
      title: `${flip.title.replace(/\.$/, "")}, ${durationInWords((now.getTime() - flip.at.getTime()) / 1_000)} ago.`,
      detail: "See that every application writes to the primary of now, and that the old one follows it.",
    },
  };
}
