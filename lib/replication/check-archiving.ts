import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Archiver, getArchiver } from "./get-archiver.ts";
import { replicationThresholds } from "./thresholds.ts";

/** Archiving whose newest attempt failed, by how long ago a segment was archived. */
export const archiving = defineCheck({
  id: "replication.archiving",
  source: "pg_stat_archiver",
  why: "The latest attempt failed: a warning at once, because WAL piles up from now on; a quarter of an hour of failures is no hiccup of the archive.",
  for: 60,
  keepFiringFor: 300,
  title: "WAL archiving",
  unit: "seconds",
  path: "replication",
  runbook:
    "The server keeps every segment that it could not hand over, and its disk fills; point-in-time recovery ends where archiving ended. The server's log tells what archive_command (or archive_library) answered: a full archive, an expired credential, a lost mount. It goes on by itself once the command succeeds.",
  needs: "archive_mode on or always.",
  thresholds: { ...replicationThresholds.archivingFailsSeconds, direction: "rising" },
  optional: true,
  async evaluate({ audit, now }, limitsFor) {
    const { data } = await getArchiver(audit);
    if (data.mode === "off") return cannotJudge("WAL is not archived: archive_mode is off.", off);
    return { objects: [judgeArchiver(data, now, limitsFor({ kind: "target" }))], complete: true };
  },
});

const off = {
  code: "not_configured",
  reason: "archive_mode is off: there is no point-in-time recovery from an archive.",
  enable: "ALTER SYSTEM SET archive_mode = on; -- and archive_command, then restart",
} as const;

export function judgeArchiver(archiver: Archiver, now: Date, threshold: Limits): ObjectState {
  const { failing, lastArchivedAt, lastFailedWal, waiting, since } = archiver;
  const last = lastArchivedAt ?? since;
  const seconds = last ? Math.max(0, (now.getTime() - last.getTime()) / 1_000) : 0;
  return {
    object: { kind: "target" },
    state: failing ? stateAt(seconds, threshold) : "ok",
    value: failing ? seconds : null,
    threshold,
    since: failing ? last : null,
    words: failing
      ? {
          title: `WAL is not archived: the last attempt failed${lastFailedWal ? ` at ${lastFailedWal}` : ""}.`,
          detail: `${waiting ? `${waiting} segments wait, and the server keeps them until they are archived. ` : "The server keeps what it could not hand over, and its disk fills. "}The server's log tells what archive_command answered.`,
        }
      : { title: "The newest attempt to archive WAL succeeded.", detail: "Nothing needs doing." },
  };
}
