import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { durationInWords } from "../words.ts";
import { type Checkpoint, getCheckpoint } from "./get-checkpoint.ts";

/** A server that writes less than a segment of WAL leaves checkpoints out. */
const materialWalBytes = 16 * 1_024 ** 2;

/** Whether checkpoints still come. */
export const checkpointAge = defineCheck({
  id: "buffers.checkpoint_age",
  title: "Checkpoint overdue",
  source: "pg_control_checkpoint(), checkpoint_timeout",
  why: "A checkpoint is begun at each checkpoint_timeout and spread over most of it, so one age is ordinary and two happen; at three the checkpointer does not get anywhere. Read every two minutes.",
  keepFiringFor: 60,
  unit: "ratio",
  path: "caches",
  runbook:
    "The last checkpoint is several times as old as checkpoint_timeout though the server writes. A crash now would take long to recover from, WAL piles up, and replication slots cannot move. See the checkpointer in pg_stat_activity and the server's log: usual is a disk that hardly takes writes any more (fsync takes seconds), or a full one. Do not restart the server with immediate: it has to recover all of it first.",
  needs: "A primary.",
  thresholds: { warning: 3, critical: 6, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const { data, observedAt, missing } = await getCheckpoint(audit);
    const [refused] = missing ?? [];
    if (refused)
      return cannotJudge("Whether checkpoints come is not known.", {
        code: "unsupported",
        reason: refused.reason,
      });
    if (data.walBytes === null)
      return cannotJudge("Checkpoints are the primary's.", {
        code: "unsupported",
        reason: "This server is a standby: it restarts from points that its primary makes.",
      });
    return { objects: [judgeCheckpoint(data, limitsFor({ kind: "target" }))], complete: true, observedAt };
  },
});

export function judgeCheckpoint(checkpoint: Checkpoint, threshold: Limits): ObjectState {
  const { at, ageSeconds, timeoutSeconds, walBytes } = checkpoint;
  const value = Math.max(0, ageSeconds) / timeoutSeconds;
  const state = (walBytes ?? 0) < materialWalBytes ? "ok" : stateAt(value, threshold);
  return {
    object: { kind: "target" },
    state,
    value,
    threshold,
    since: state === "ok" ? null : at,
    words: {
      title: `The last checkpoint was ${durationInWords(ageSeconds)} ago; one is due every ${durationInWords(timeoutSeconds)}.`,
      detail:
        state === "ok"
          ? "A server that writes nothing leaves them out."
          : `${Math.round((walBytes ?? 0) / 1e6).toLocaleString("en-US")} MB of WAL were written since. See the checkpointer and the server's log.`,
    },
  };
}
