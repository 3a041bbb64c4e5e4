import type { AuditDb } from "../audit-db/types.ts";
import {
  type CheckAnswer,
  type CheckContext,
  cannotJudge,
  defineCheck,
  type LimitsFor,
  stateAt,
} from "../check.ts";
import { dayInWords, durationInWords, percentRoundedDown } from "../words.ts";
import { estimateGrowth } from "./growth.ts";
import { gigabytes, readDisk } from "./read-disk.ts";

/** The default tablespace stands for the disk of the data directory. */
const object = { kind: "tablespace", name: "pg_default" } as const;
const dayMs = 86_400_000;
/** Sizes the line is drawn through; less than a day would take a morning's load for a trend. */
const windowDays = 7;
const leastSeconds = 86_400;

async function judgeUsed(audit: AuditDb, limitsFor: LimitsFor): Promise<CheckAnswer> {
  const disk = await readDisk(audit);
  if ("objects" in disk) return disk;
  const { capacityBytes, usedBytes, counts } = disk;
  const value = usedBytes / capacityBytes;
  const threshold = limitsFor(object);
  const state = stateAt(value, threshold);
  return {
    complete: true,
    objects: [
      {
        object,
        state,
        value,
        threshold,
        since: null,
        words: {
          title: `PostgreSQL fills ${percentRoundedDown(value)} of its disk (${gigabytes(usedBytes)} of ${gigabytes(capacityBytes)}).`,
          detail:
            state === "ok"
              ? counts
              : `When the disk is full, the server stops. Look first for WAL that a slot or a failing archive_command keeps, then drop or archive old partitions, or make the disk larger and change AUDIT_DISK_CAPACITY_BYTES. Never delete files in pg_wal. ${counts}`,
        },
      },
    ],
  };
}

async function judgeDate(context: CheckContext, limitsFor: LimitsFor): Promise<CheckAnswer> {
  const { audit, history, now } = context;
  const disk = await readDisk(audit);
  if ("objects" in disk) return disk;
  const range = { from: new Date(now.getTime() - windowDays * dayMs), to: now };
  const { series, collectingSince } = await history.totals(audit.target, ["storage.databaseBytes"], range);
  const { bytesPerDay, spanSeconds } = estimateGrowth(series["storage.databaseBytes"] ?? []);
  if (bytesPerDay === null || spanSeconds < leastSeconds)
    return cannotJudge("When the disk will be full is not known yet.", {
      code: "insufficient_data",
      reason: `Needs a day of collected sizes; ${collectingSince ? `there are ${durationInWords(spanSeconds)}` : "none yet"}.`,
    });
  const { capacityBytes, usedBytes, counts } = disk;
  const threshold = limitsFor(object);
  const left = Math.max(0, capacityBytes - usedBytes);
  const days = bytesPerDay > 0 ? left / bytesPerDay : null;
  const growth = `${audit.target} grew by ${gigabytes(bytesPerDay)} a day over the last ${durationInWords(spanSeconds)}`;
  const state = days === null ? "ok" : stateAt(days, threshold, "falling");
  return {
    complete: true,
    objects: [
      {
        object,
        state,
        value: days,
        threshold,
        since: null,
        words:
          days === null
            ? { title: "The disk does not fill: the database is not growing.", detail: counts }
            : {
                title: `The disk will be full ${whenInWords(now, days)}, at ${gigabytes(bytesPerDay)} a day.`,
                detail: `${growth}; ${gigabytes(left)} of ${gigabytes(capacityBytes)} are left. ${state === "ok" ? "" : "Drop or archive old partitions, shorten retention, or make the disk larger. "}${counts}`,
              },
      },
    ],
  };
}

function whenInWords(now: Date, days: number): string {
  if (days > 3_650) return "in more than ten years";
  const day = dayInWords(new Date(now.getTime() + days * dayMs).toISOString());
  return `on ${day} (in ${durationInWords(days * 86_400)})`;
}

export const diskUsed = defineCheck({
  id: "storage.disk_used",
  source: "pg_tablespace_size(), pg_ls_waldir()",
  why: "At 90 % there is time to order a disk at usual growth; at 98 % a day of WAL that nobody fetches fills the rest. A checkpoint moves it by a few segments, hence five minutes.",
  for: 300,
  keepFiringFor: 600,
  title: "Disk used",
  unit: "ratio",
  path: "overview",
  needs: "The disk's size in the configuration (AUDIT_DISK_CAPACITY_BYTES); pg_monitor.",
  thresholds: { warning: 0.9, critical: 0.98, direction: "rising" },
  optional: true,
  runbook:
    "A full disk stops the server, and a full disk of pg_wal keeps it from starting. See what grew: WAL (slots without a reader, archiving that fails), one table or partition, temporary files. End what keeps the WAL, drop or archive partitions that are due, and enlarge the disk. Never delete files in the data directory by hand. Leave a file of a gigabyte that can be deleted in need.",
  evaluate: ({ audit }, limitsFor) => judgeUsed(audit, limitsFor),
});

export const diskFull = defineCheck({
  id: "storage.disk_full",
  source: "history of pg_database_size()",
  why: "30 days are the time to order a disk and move to it, 7 the time to drop partitions. A straight line through seven days; an hour, because each new size bends it.",
  for: 3600,
  keepFiringFor: 3600,
  title: "Days until the disk is full",
  unit: "days",
  path: "overview",
  needs:
    "The disk's size in the configuration (AUDIT_DISK_CAPACITY_BYTES); pg_monitor; a day of collected sizes.",
  thresholds: { warning: 30, critical: 7, direction: "falling" },
  optional: true,
  runbook:
    "The watched database grows so fast that the disk will be full in this time, by a straight line through the last seven days; other databases on the same disk make it sooner. Order the larger disk now, or see which table grows and whether its retention is kept. A load that was done once (an import, an index) bends the line for a week.",
  evaluate: judgeDate,
});
