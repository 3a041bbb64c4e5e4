import type { Finding } from "../finding.ts";
import type { Archiver } from "./get-archiver.ts";
import { archivingFailsSeconds } from "./thresholds.ts";

/** Archiving whose newest attempt failed: a warning, critical once nothing was archived for a quarter of an hour. */
export function judgeArchiver(archiver: Archiver, now: Date): Finding[] {
  if (!archiver.failing || archiver.mode === "off") return [];
  const { lastArchivedAt, lastFailedWal, waiting, since } = archiver;
  const last = lastArchivedAt ?? since;
  const forSeconds = last ? (now.getTime() - last.getTime()) / 1_000 : 0;
  return [
    {
      check: "replication.archiver",
      severity: forSeconds > archivingFailsSeconds ? "critical" : "warning",
      title: `WAL is not archived: the last attempt failed${lastFailedWal ? ` at ${lastFailedWal}` : ""}.`,
      detail: `${waiting ? `${waiting} segments wait, and the server keeps them until they are archived. ` : "The server keeps what it could not hand over, and its disk fills. "}The server's log tells what archive_command answered.`,
      ...(last && { since: last }),
      path: "replication",
    },
  ];
}
