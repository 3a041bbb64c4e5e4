import { type Check, cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { quoteText } from "../quote-sql.ts";
import { durationInWords } from "../words.ts";
import { getSlots, type Slot } from "./get-slots.ts";
import { replicationThresholds } from "./thresholds.ts";

const common = {
  path: "replication",
  needs: "Nothing beyond a connection.",
} as const satisfies Partial<Check>;

/** Slots whose reader can no longer go on. */
export const lostSlot = defineCheck({
  ...common,
  id: "replication.slot_lost",
  source: "pg_replication_slots.wal_status",
  why: "What was removed does not come back: critical at once.",
  cause: "replication.slots",
  title: "Slot lost",
  unit: null,
  runbook:
    "The WAL that the slot's reader still needs is gone: it was past max_slot_wal_keep_size, or idle beyond idle_replication_slot_timeout. Copy the reader anew (pg_basebackup, or the subscription's initial copy), then drop the slot. A slot that a standby keeps in step with its primary's (synced, from PostgreSQL 17) is not to be dropped there: the server removes and makes it itself.",
  thresholds: null,
  covers: ["replication.slot_at_risk", "replication.slot_retained"],
  async evaluate({ audit }) {
    const { data } = await getSlots(audit);
    return { objects: data.map(judgeLost), complete: true };
  },
});

/** Slots that the next checkpoint may lose. */
export const slotAtRisk = defineCheck({
  ...common,
  id: "replication.slot_at_risk",
  source: "pg_replication_slots.wal_status, safe_wal_size",
  why: "The next checkpoint may remove what its reader needs: critical at once. A slot wavers there, so it must be safe for five minutes.",
  keepFiringFor: 300,
  cause: "replication.slots",
  title: "Slot about to be lost",
  unit: "bytes",
  runbook:
    "The slot is past max_slot_wal_keep_size, and the next checkpoint removes what its reader needs. Let the reader catch up now, or raise the limit (ALTER SYSTEM, then pg_reload_conf()) if the disk has room.",
  thresholds: null,
  covers: ["replication.slot_retained"],
  async evaluate({ audit }) {
    const { data } = await getSlots(audit);
    return { objects: data.map(judgeAtRisk), complete: true };
  },
});

/** WAL that a slot keeps from being removed. */
export const slotRetained = defineCheck({
  ...common,
  id: "replication.slot_retained",
  source: "pg_replication_slots.restart_lsn",
  why: "1 GB is an hour of a busy log and still fits every disk; a minute, because a reader that reconnects takes it away at once.",
  for: 60,
  keepFiringFor: 300,
  cause: "replication.slots",
  title: "WAL retained by a slot",
  unit: "bytes",
  runbook:
    "The server's disk fills with what the slot's reader still needs. Where nobody reads it and its reader will not come back, drop it: SELECT pg_drop_replication_slot(name). A standby's synced copy of its primary's slot is not dropped: it goes with that one, or with the standby. Where its reader is behind, see its log and network. max_slot_wal_keep_size bounds what slots may hold, at the price of losing them.",
  thresholds: { ...replicationThresholds.retainedBytes, direction: "rising" },
  async evaluate({ audit, now }, limitsFor) {
    const { data, missing } = await getSlots(audit);
    const [refused] = missing ?? [];
    if (refused && data.some(({ keepsWal }) => keepsWal))
      return cannotJudge("Whether slots hold WAL back is not known.", {
        code: "unsupported",
        reason: refused.reason,
      });
    return { objects: data.map((slot) => judgeRetained(slot, limitsFor, now)), complete: true };
  },
});

const objectOf = ({ name }: Slot) => ({ kind: "slot", name }) as const;
const fine = "Nothing needs doing.";

export function judgeLost(slot: Slot): ObjectState {
  const { name, walStatus, lostBecause } = slot;
  const lost = walStatus === "lost" || lostBecause !== null;
  if (slot.synced) return judgeSynced(slot, lost);
  return {
    object: objectOf(slot),
    state: lost ? "critical" : "ok",
    value: null,
    threshold: null,
    since: null,
    words: lost
      ? {
          title: `Slot ${name} is lost${lostBecause ? ` (${lostBecause.replaceAll("_", " ")})` : ""}.`,
          detail: "The WAL its reader still needs is gone: copy the reader anew, then drop the slot.",
        }
      : { title: `Slot ${name} has what its reader needs.`, detail: fine },
  };
}

/** A standby's copy of its primary's slot: the server makes, moves and drops it. */
function judgeSynced(slot: Slot, lost = false): ObjectState {
  const { name } = slot;
  return {
    object: objectOf(slot),
    ...{ state: lost ? "notice" : "ok", value: null, threshold: null, since: null },
    words: lost
      ? {
          title: `This standby's copy of slot ${name} is lost.`,
          detail: `After a failover its reader could not go on from here. The server makes the copy anew from the primary's slot, unless that one is lost: see slot ${name} there. It is not to be dropped here.`,
        }
      : {
          title: `Slot ${name} is kept in step with the primary's.`,
          detail: "Nobody reads it here, and it is not to be dropped here: the server sees to it.",
        },
  };
}

export function judgeAtRisk(slot: Slot): ObjectState {
  if (slot.synced) return judgeSynced(slot);
  const atRisk = slot.walStatus === "unreserved";
  return {
    object: objectOf(slot),
    state: atRisk ? "critical" : "ok",
    value: slot.safeBytes,
    threshold: null,
    since: null,
    words: atRisk
      ? {
          title: `Slot ${slot.name} is about to be lost.`,
          detail:
            "It is past max_slot_wal_keep_size, and the next checkpoint removes what its reader needs. Let the reader catch up now, or raise the limit.",
        }
      : { title: `Slot ${slot.name} is within max_slot_wal_keep_size.`, detail: fine },
  };
}

export function judgeRetained(slot: Slot, limitsFor: LimitsFor, now: Date): ObjectState {
  const { name, active, inactiveSince } = slot;
  const object = objectOf(slot);
  const threshold = limitsFor(object);
  const bytes = slot.retainedBytes ?? 0;
  const idle = slot.synced
    ? ", as the primary's does"
    : inactiveSince
      ? `, unread for ${durationInWords((now.getTime() - inactiveSince.getTime()) / 1_000)}`
      : active
        ? ""
        : ", and nobody reads it";
  return {
    object,
    state: stateAt(bytes, threshold),
    value: bytes,
    threshold,
    since: inactiveSince,
    words: {
      title: `Slot ${name} keeps ${(bytes / 1e9).toFixed(1)} GB of WAL${idle}.`,
      detail: slot.synced
        ? "This standby keeps the slot in step with its primary's, for a failover: nobody reads it here, and it is not to be dropped here. See the slot of this name on the primary; what it keeps there, this keeps as well."
        : active
          ? "Its reader is behind. The server's disk fills with what it still needs."
          : `The server's disk fills until somebody reads it. If its reader will not come back, drop it: SELECT pg_drop_replication_slot(${quoteText(name)});`,
    },
  };
}
