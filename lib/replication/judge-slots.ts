import { durationInWords, type Finding } from "../finding.ts";
import type { Slot } from "./get-slots.ts";
import { retainedBytesLimit } from "./thresholds.ts";

/** Slots that were lost, are about to be, or keep more than a gigabyte of WAL. */
export function judgeSlots(slots: readonly Slot[]): Finding[] {
  return slots.flatMap((slot): Finding[] => {
    const { name, walStatus, lostBecause, inactiveSince } = slot;
    const found = { check: "replication.slots", path: "replication" };
    if (walStatus === "lost" || lostBecause)
      return [
        {
          ...found,
          severity: "critical",
          title: `Slot ${name} is lost${lostBecause ? ` (${lostBecause.replaceAll("_", " ")})` : ""}.`,
          detail: "The WAL its reader still needs is gone: copy the reader anew, then drop the slot.",
        },
      ];
    if (walStatus === "unreserved")
      return [
        {
          ...found,
          severity: "critical",
          title: `Slot ${name} is about to be lost.`,
          detail:
            "It is past max_slot_wal_keep_size, and the next checkpoint removes what its reader needs. Let the reader catch up now, or raise the limit.",
        },
      ];
    if ((slot.retainedBytes ?? 0) <= retainedBytesLimit) return [];
    const idle = inactiveSince
      ? `, unread for ${durationInWords((Date.now() - inactiveSince.getTime()) / 1_000)}`
      : slot.active
        ? ""
        : ", and nobody reads it";
    return [
      {
        ...found,
        severity: "warning",
        title: `Slot ${name} keeps ${((slot.retainedBytes ?? 0) / 1e9).toFixed(1)} GB of WAL${idle}.`,
        detail: slot.active
          ? "Its reader is behind. The server's disk fills with what it still needs."
          : `The server's disk fills until somebody reads it. If its reader will not come back, drop it: SELECT pg_drop_replication_slot('${name.replaceAll("'", "''")}');`,
        ...(inactiveSince && { since: inactiveSince }),
      },
    ];
  });
}
