import type { Sql } from "postgres";
import type { CheckState } from "../check.ts";
import { storableJson } from "../db/storable-json.ts";
import type { Evaluation } from "./evaluate-check.ts";

/** The evaluation of a check that stood before. */
export interface Before {
  evaluatedAt: Date;
  repliedAt: Date | null;
}

/** Whoever writes evaluations of a target waits for each other until the transaction ends. */
export async function lockTarget(tx: Sql, target: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`checks of ${target}`}, 0))`;
}

/** By check; locked. */
export async function lockEvaluations(tx: Sql, target: string): Promise<Map<string, Before>> {
  const rows = await tx<(Before & { checkId: string })[]>`
    select check_id as "checkId", evaluated_at as "evaluatedAt", replied_at as "repliedAt" from check_evaluation
    where target = ${target} order by check_id for update`;
  return new Map(rows.map((row) => [row.checkId, row]));
}

/** @returns ids of the checks whose evaluation was accepted */
export async function writeEvaluations(
  tx: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  now: Date,
): Promise<Set<string>> {
  const rows = await tx<{ checkId: string }[]>`
    insert into check_evaluation as stored
      (target, check_id, evaluated_at, observed_at, took_ms, complete, error, replied_at, answered_at, failures)
    select ${target}, "checkId", now, "observedAt", "tookMs", incomplete is null, error,
           case when error is null then now end, case when sight is null then now end,
           coalesce(sight = 'blind', false)::integer
    from jsonb_to_recordset(${looksOf(evaluations)}::text::jsonb) as look
      ("checkId" text, "observedAt" timestamptz, "tookMs" integer, incomplete boolean, error jsonb, sight text),
      cast(${now} as timestamptz) as now
    order by 2
    on conflict (target, check_id) do update
      set evaluated_at = excluded.evaluated_at, observed_at = excluded.observed_at, took_ms = excluded.took_ms,
          complete = excluded.complete, error = excluded.error,
          replied_at = coalesce(excluded.replied_at, stored.replied_at),
          answered_at = coalesce(excluded.answered_at, stored.answered_at),
          failures = case when excluded.failures > 0 then stored.failures + 1
                          when excluded.replied_at is not null then 0 else stored.failures end
      where stored.evaluated_at < excluded.evaluated_at or stored.evaluated_at > clock_timestamp()
    returning check_id as "checkId"`;
  return new Set(rows.map(({ checkId }) => checkId));
}

/**
 * The same where every evaluation that stands is of a moment that is known, in one statement that reads nothing.
 * @returns whether they all were; when they were not, the transaction is to be undone
 */
export async function renewEvaluations(
  tx: Sql,
  target: string,
  evaluations: readonly Evaluation[],
  { now, before }: { now: Date; before: Date },
): Promise<boolean> {
  const [written] = await tx<{ count: number }[]>`
    with written as (
      update check_evaluation as stored
      set evaluated_at = now, observed_at = look."observedAt", took_ms = look."tookMs",
          complete = look.incomplete is null, error = look.error,
          replied_at = case when look.error is null then now else stored.replied_at end,
          answered_at = case when look.sight is null then now else stored.answered_at end,
          failures = case when look.sight = 'blind' then stored.failures + 1
                          when look.error is null then 0 else stored.failures end
      from jsonb_to_recordset(${looksOf(evaluations)}::text::jsonb) as look
        ("checkId" text, "observedAt" timestamptz, "tookMs" integer, incomplete boolean, error jsonb, sight text),
        cast(${now} as timestamptz) as now
      where stored.target = ${target} and stored.check_id = look."checkId" and stored.evaluated_at = ${before}
      returning 1)
    select count(*)::int from written`;
  return written?.count === evaluations.length;
}

/** What is the same for all, or nothing, is left out: half of such a statement's cost is its text. */
function looksOf(evaluations: readonly Evaluation[]): string {
  return storableJson(
    evaluations.map((evaluation) => ({
      checkId: evaluation.check.id,
      tookMs: evaluation.tookMs,
      incomplete: evaluation.answer?.complete ? undefined : true,
      observedAt: evaluation.answer?.observedAt,
      error: evaluation.error ?? undefined,
      sight: sightOf(evaluation),
    })),
  );
}

const good: readonly CheckState[] = ["ok", "notice", "warning", "critical"];

/**
 * Whether a look saw nothing, or need not: `unavailable` is no blindness, nor is a target that is down; undefined where it
 * judged anything.
 */
function sightOf({ answer, error, skipped }: Evaluation): "blind" | "excused" | undefined {
  if (error) return skipped ? "excused" : "blind";
  const objects = answer?.objects ?? [];
  if (objects.length === 0 || objects.some(({ state }) => good.includes(state))) return undefined;
  return objects.every(({ state }) => state === "unavailable") ? "excused" : "blind";
}
