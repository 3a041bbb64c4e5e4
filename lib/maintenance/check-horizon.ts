import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import {
  type CheckAnswer,
  type CheckObject,
  cannotJudge,
  defineCheck,
  type LimitsFor,
  type ObjectState,
  stateAt,
} from "../check.ts";
import { quoteText } from "../quote-sql.ts";
import { durationInWords } from "../words.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { getHorizonHolders, type HorizonHolder, mostHolders } from "./get-horizon-holders.ts";

async function judgeHolders(
  audit: AuditDb,
  maxAgeMs: number,
  now: Date,
  limitsFor: LimitsFor,
): Promise<CheckAnswer> {
  const { data, observedAt, missing } = await getHorizonHolders(audit, maxAgeMs);
  const objects = data.flatMap((holder) => judgeHolder(holder, now, limitsFor) ?? []);
  const none = noneFound(
    (await audit.server()).database,
    "Nothing holds vacuum back for long.",
    "Sessions, prepared transactions and slots without a reader are looked at.",
  );
  const [hidden] = missing ?? [];
  if (hidden) {
    const { reason, hint } = hidden;
    const unseen = cannotJudge("Whether a session holds vacuum back is not seen.", {
      ...{ code: "no_grant", reason, ...(hint && { enable: hint }) },
    });
    return { ...answerOf([...objects, ...unseen.objects], { observedAt }), complete: false };
  }
  const answer = answerOf(objects.length > 0 ? objects : [none], { observedAt });
  return { ...answer, complete: answer.complete && data.length < mostHolders };
}

/** Null where the server does not say since when. */
function judgeHolder(holder: HorizonHolder, now: Date, limitsFor: LimitsFor): ObjectState | null {
  const { since, age } = holder;
  if (!since) return null;
  const object = objectOf(holder);
  const threshold = limitsFor(object);
  const value = Math.max(0, (now.getTime() - since.getTime()) / 1_000);
  return {
    object,
    state: stateAt(value, threshold),
    value,
    threshold,
    since,
    words: {
      title: `${named(holder)} has held vacuum back for ${durationInWords(value)} (${age.toLocaleString("en-US")} transactions).`,
      detail: `No row that died since then can be removed, in any table. To end it: ${ending(holder)}`,
    },
  };
}

function objectOf({ kind, name, pid, backendStart }: HorizonHolder): CheckObject {
  if (kind === "prepared") return { kind: "prepared_transaction", name };
  if (kind === "session" && backendStart) return { kind: "session", pid, backendStart, name };
  return { kind: kind === "standby" ? "standby" : "slot", name };
}

function named({ kind, name, pid }: HorizonHolder): string {
  if (kind === "prepared") return `The prepared transaction ${name}`;
  return kind === "slot" ? `Slot ${name}, which nobody reads,` : `Process ${pid} (${name})`;
}

function ending({ kind, name, pid }: HorizonHolder): string {
  if (kind === "prepared")
    return `ROLLBACK PREPARED ${quoteText(name)}; or COMMIT PREPARED, as its manager's log says.`;
  return kind === "slot"
    ? `start its reader, or SELECT pg_drop_replication_slot(${quoteText(name)});`
    : `SELECT pg_terminate_backend(${pid});`;
}

export const horizonHeld = defineCheck({
  id: "maintenance.horizon_held",
  title: "Horizon held back",
  source: "pg_stat_activity, pg_prepared_xacts, pg_replication_slots (inactive_since from 17)",
  why: "A night's dump or report may hold it for hours; after a day nobody meant it, after three every table that changes is bloated.",
  unit: "seconds",
  path: "maintenance",
  needs:
    "pg_monitor, to see other roles' sessions; for how long a slot has no reader is known from PostgreSQL 17 on.",
  thresholds: { warning: 86_400, critical: 259_200, direction: "rising" },
  runbook:
    "Vacuum keeps every row that somebody may still see, in all tables of the database and for a logical slot in the catalogues. The oldest holder decides: end the forgotten session, finish the prepared transaction, start the slot's reader again or drop the slot. What is not judged, because the server does not say since when: slots in use (pg_replication_slots.xmin, catalog_xmin) and standbys with hot_standby_feedback (pg_stat_replication.backend_xmin): look at their age() when vacuum still removes nothing.",
  evaluate: ({ audit, now }, limitsFor) =>
    judgeSlow(judgedMs, (maxAgeMs) => judgeHolders(audit, maxAgeMs, now, limitsFor)),
});
