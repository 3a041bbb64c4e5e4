import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import {
  type Check,
  type CheckAnswer,
  defineCheck,
  type LimitsFor,
  type ObjectState,
  stateAt,
} from "../check.ts";
import { quoteText } from "../quote-sql.ts";
import { durationInWords } from "../words.ts";
import { getSlots, type Slot } from "./get-slots.ts";

async function judgeInactive(audit: AuditDb, now: Date, limitsFor: LimitsFor): Promise<CheckAnswer> {
  const { data } = await getSlots(audit);
  const ours = data.filter((slot) => !slot.temporary && !slot.synced && slot.walStatus !== "lost");
  if (ours.length > 0) return answerOf(ours.map((slot) => describe(slot, now, limitsFor)));
  const words = {
    title: "No replication slot can be left behind.",
    detail: "There is none of our own here.",
  };
  return answerOf([
    { object: { kind: "target" }, state: "ok", value: null, threshold: null, since: null, words },
  ]);
}

function describe(slot: Slot, now: Date, limitsFor: LimitsFor): ObjectState {
  const { name, type, active, inactiveSince, reader } = slot;
  const object = { kind: "slot", name } as const;
  const threshold = limitsFor(object);
  const kept = keptInWords(slot);
  if (active)
    return {
      object,
      state: "ok",
      value: 0,
      threshold,
      since: null,
      words: { title: `Slot ${name} is read by ${reader}.`, detail: `${kept}.` },
    };
  const seconds = inactiveSince ? Math.max(0, (now.getTime() - inactiveSince.getTime()) / 1_000) : null;
  return {
    object,
    // Before PostgreSQL 17 nobody knows for how long; that it keeps nothing is known.
    state: seconds === null ? (keepsNothing(slot) ? "notice" : "warning") : stateAt(seconds, threshold),
    value: seconds,
    threshold,
    since: inactiveSince,
    words: {
      title: `${type === "logical" ? "Logical slot" : "Slot"} ${name} has no reader${seconds === null ? "" : ` for ${durationInWords(seconds)}`}. ${kept}.`,
      detail: `The server keeps what its reader has not fetched until the reader comes back or the disk is full. Start the standby or subscriber again; if it will not come back: SELECT pg_drop_replication_slot(${quoteText(name)});${seconds === null ? " Servers before PostgreSQL 17 do not say since when it has no reader." : ""}`,
    },
  };
}

function keepsNothing(slot: Slot): boolean {
  return !slot.keepsWal && slot.xminAge === null;
}

function keptInWords({ keepsWal, retainedBytes, xminAge }: Slot): string {
  const amount =
    retainedBytes === null
      ? keepsWal
        ? "WAL, nobody can say how much,"
        : "no WAL"
      : `${sizeInWords(retainedBytes)} of WAL`;
  const wal = `It keeps ${amount}`;
  return xminAge === null
    ? wal
    : `${wal} and the dead rows of ${xminAge.toLocaleString("en-US")} transactions`;
}

function sizeInWords(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(Math.max(0, bytes) / 1e6).toFixed(1)} MB`;
}

export const slotInactive = defineCheck({
  id: "replication.slot_inactive",
  source: "pg_replication_slots.active, inactive_since (from 17)",
  why: "A standby restarts within ten minutes; after a day nobody is coming back.",
  keepFiringFor: 60,
  cause: "replication.slots",
  title: "Slots without a reader",
  unit: "seconds",
  path: "replication",
  needs: "Nothing beyond a connection; for how long is known from PostgreSQL 17 on.",
  thresholds: { warning: 600, critical: 86_400, direction: "rising" },
  runbook:
    "A replication slot has no reader, so the server keeps all WAL since, and for a logical slot the catalogue's dead rows as well. Find whose it is by its name: a standby that was removed, a subscription that was disabled, a connector that lost its configuration. Bring the reader back, or drop the slot; whoever read it must then be made anew. Set max_slot_wal_keep_size, so that a forgotten slot is lost before the disk is full.",
  evaluate: ({ audit, now }, limitsFor) => judgeInactive(audit, now, limitsFor),
});

export const slotChecks: readonly Check[] = [slotInactive];
