import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, cannotJudge, defineCheck, type Mend, type ObjectState } from "../check.ts";
import { quoteQualified } from "../quote-sql.ts";
import type { Unavailable } from "../result.ts";
import { counted } from "../words.ts";
import { type BrokenGuard, type Guards, getGuards } from "./get-guards.ts";

/** What a check of our own schema answers where that is not. */
export function noAuditSchema(database: string): Unavailable {
  return {
    code: "not_configured",
    reason: `Database ${database} has no audit_log of ours.`,
    enable: "audit-db migrate --url OWNER_URL",
  };
}

async function judgeGuards(audit: AuditDb): Promise<CheckAnswer> {
  const { data } = await getGuards(audit);
  if (data === null)
    return cannotJudge("No audit schema to guard.", noAuditSchema((await audit.server()).database));
  const bad = [
    ...data.changedFunctions.map((name) => changedFunction(data.database, name)),
    ...data.broken.map((guard) => brokenGuard(data.database, guard)),
  ];
  return answerOf(bad.length > 0 ? bad : [allStand(data)]);
}

function allStand({ database, tables }: Guards): ObjectState {
  return {
    object: { kind: "database", name: database },
    state: "ok",
    value: 0,
    threshold: null,
    since: null,
    words: {
      title: `The guards of ${counted(tables, "table")} of the audit log stand.`,
      detail: "audit_log with every partition and audit_quarantine refuse changes, whoever asks.",
    },
  };
}

const conditions: Record<BrokenGuard["wrong"], string> = {
  missing: "is missing",
  off: "is off",
  bypassable: "can be bypassed: it does not fire ALWAYS",
  changed: "was changed",
};

function brokenGuard(database: string, { oid, schema, name, trigger, wrong }: BrokenGuard): ObjectState {
  const table = quoteQualified(schema, name);
  const enable = `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger};`;
  const create = `CREATE TRIGGER ${trigger} ${creation(trigger, table)}; ${enable}`;
  const remedy = {
    missing: create,
    off: enable,
    bypassable: enable,
    changed: `DROP TRIGGER ${trigger} ON ${table}; ${create}`,
  };
  return {
    object: { kind: "relation", database, schema, name, oid, part: trigger },
    state: "critical",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `Guard ${trigger} on ${table} ${conditions[wrong]}.`,
      detail: `Events there can be changed or deleted without a trace. Find who did it and since when (the server's log of DDL), and treat the table's events of that time as unproven. As audit_maintainer: ${remedy[wrong]}`,
      // What was changed was changed on purpose: it is looked at before it is replaced.
      ...(wrong !== "changed" && { mends: restoreGuards(trigger) }),
    },
  };
}

/** All of the table at once: every guard that is missing or off is told by a plan of its own otherwise. */
function restoreGuards(trigger: string): Mend {
  const name = guardOf(trigger).replace(/_guard$/, "");
  return {
    words: `Restore the guards of ${name}`,
    request: { verb: "maintain", work: "restore guards", relations: [{ schema: "public", name }] },
  };
}

/** The function that a guard trigger calls. */
function guardOf(trigger: string): string {
  return trigger.replace(/_(row|statement)$/, "");
}

function creation(trigger: string, table: string): string {
  const guard = guardOf(trigger);
  const rows = trigger.endsWith("_row");
  const events = rows
    ? "UPDATE OR DELETE"
    : guard === "audit_log_guard"
      ? "UPDATE OR DELETE OR TRUNCATE"
      : "TRUNCATE";
  return `BEFORE ${events} ON ${table} FOR EACH ${rows ? "ROW" : "STATEMENT"} EXECUTE FUNCTION public.${guard}()`;
}

function changedFunction(database: string, name: string): ObjectState {
  return {
    object: { kind: "relation", database, schema: "public", name, part: "function" },
    state: "critical",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `Guard function public.${name}() is not the schema's own.`,
      detail:
        "Every trigger that calls it refuses only what this function refuses. Compare it with what audit-db migrate shows for an empty database, put it back as audit_maintainer, and find who replaced it and since when.",
    },
  };
}

export const guardTrigger = defineCheck({
  id: "partitions.guard_trigger",
  source: "pg_trigger.tgenabled",
  why: "A guard that is off lets events be changed: critical at once, and told again whenever it happens.",
  title: "Guard triggers off or missing",
  unit: null,
  path: "partitions",
  needs: "The audit schema.",
  guarded: true,
  thresholds: null,
  optional: true,
  runbook:
    "A trigger that refuses changes of the audit log is off, missing or no longer the one that was made, on the table, a branch or a partition. Only the owner and superusers can do that, and each has to do it on purpose. Put it back first. Then find the statement in the server's log, note from when to when the guard was off, and compare events of that time with the outbox, exports and archives: the trigger is a tripwire, not a proof. A partition that was made by hand lacks the statement guard until it is created.",
  tellSeveral: (objects) =>
    `${objects.length} guards of the audit log are off, missing or changed; the first: ${objects[0]?.words.title}`,
  evaluate: ({ audit }) => judgeGuards(audit),
});
