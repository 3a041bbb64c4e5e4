import { sql } from "drizzle-orm";
import type { Queryable, Tx } from "../db/console-db.ts";
import { AppError } from "../errors.ts";

/** Why a person may have their data restricted: Art. 18(1) GDPR, points (a) to (d). */
export const restrictionGrounds = [
  "accuracy_contested",
  "unlawful_processing",
  "needed_for_claims",
  "objection_pending",
] as const;
export type RestrictionGround = (typeof restrictionGrounds)[number];

/** On what it may be shown all the same: Art. 18(2). */
export const exceptionGrounds = ["consent", "legal_claims", "rights_of_others", "public_interest"] as const;
export type ExceptionGround = (typeof exceptionGrounds)[number];

interface By {
  /** Null for what is no person. */
  id: string | null;
  name: string;
}

/** A restriction that stands, with the exceptions that were made, newest first, those that are over among them. */
export interface StandingRestriction {
  id: string;
  ground: RestrictionGround;
  reason: string;
  placedBy: string;
  /** ISO 8601, as each time here. */
  placedAt: string;
  exceptions: {
    id: string;
    ground: ExceptionGround;
    reason: string;
    grantedBy: string;
    expiresAt: string;
  }[];
}

/** Whoever places one has closed the hold gate before: what is being destroyed has been by then. @throws AppError CONFLICT */
export async function placeRestriction(
  tx: Tx,
  {
    id,
    subject,
    ground,
    reason,
    by,
    now,
  }: { id: string; subject: string; ground: RestrictionGround; reason: string; by: By; now: Date },
): Promise<void> {
  // The subject's row first: nobody removes it, and of two restrictions the second waits here.
  const [found] = await tx.execute<{ restricted: boolean }>(sql`
    select restricted_at is not null as restricted from vault.subject where id = ${subject} for update`);
  if (!found) throw new AppError("NOT_FOUND", "There is no key of this person any more.");
  if (found.restricted)
    throw new AppError("CONFLICT", "This person's data is restricted already.", {
      hint: "Lift that restriction first, to place one on another ground.",
    });
  await tx.execute(sql`
    insert into vault.restriction (id, subject, ground, reason, placed_by, placed_by_name, placed_at)
    values (${id}, ${subject}, ${ground}, ${reason}, ${by.id}, ${by.name}, ${now.toISOString()}::timestamptz)`);
  await tx.execute(
    sql`update vault.subject set restricted_at = ${now.toISOString()}::timestamptz where id = ${subject}`,
  );
}

/**
 * Ends the restriction that stands. A subject that nothing else keeps goes with it. @throws AppError CONFLICT when none stands
 */
export async function endRestriction(
  tx: Tx,
  { subject, reason, by, now }: { subject: string; reason: string; by: By; now: Date },
): Promise<string> {
  await tx.execute(sql`select from vault.subject where id = ${subject} for update`);
  const [ended] = await tx.execute<{ id: string }>(sql`
    update vault.restriction
    set lifted_by = ${by.id}, lifted_by_name = ${by.name}, lifted_at = ${now.toISOString()}::timestamptz,
        lift_reason = ${reason}
    where subject = ${subject} and lifted_at is null returning id`);
  if (!ended) throw new AppError("CONFLICT", "This person's data is not restricted.");
  await tx.execute(sql`update vault.subject set restricted_at = null where id = ${subject}`);
  await tx.execute(sql`
    delete from vault.subject where id = ${subject}
      and not exists (select from vault.subject_key where subject_key.subject = subject.id)
      and not exists (select from legal_hold where legal_hold.subject = subject.id and state <> 'released')`);
  return ended.id;
}

/** Shows a restricted person's events until a moment, on a ground of Art. 18(2). @throws AppError CONFLICT when nothing is restricted */
export async function addException(
  tx: Tx,
  {
    id,
    subject,
    ground,
    reason,
    by,
    now,
    expiresAt,
  }: {
    id: string;
    subject: string;
    ground: ExceptionGround;
    reason: string;
    by: By;
    now: Date;
    expiresAt: Date;
  },
): Promise<void> {
  const added = await tx.execute(sql`
    insert into vault.restriction_exception
      (id, restriction, ground, reason, granted_by, granted_by_name, granted_at, expires_at)
    select ${id}, restriction.id, ${ground}, ${reason}, ${by.id}, ${by.name}, ${now.toISOString()}::timestamptz,
           ${expiresAt.toISOString()}::timestamptz
    from vault.restriction where subject = ${subject} and lifted_at is null returning 1`);
  if (added.length === 0) throw new AppError("CONFLICT", "This person's data is not restricted.");
}

export async function readRestriction(db: Queryable, subject: string): Promise<StandingRestriction | null> {
  const iso = (column: string) =>
    sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
  const [found] = await db.execute<StandingRestriction & Record<string, unknown>>(sql`
    select id, ground, reason, placed_by_name as "placedBy", ${iso("placed_at")} as "placedAt",
           (select coalesce(jsonb_agg(jsonb_build_object('id', one.id, 'ground', one.ground, 'reason', one.reason,
                     'grantedBy', one.granted_by_name, 'expiresAt', ${iso("one.expires_at")}) order by one.granted_at desc), '[]')
            from vault.restriction_exception as one where one.restriction = restriction.id) as exceptions
    from vault.restriction where subject = ${subject} and lifted_at is null`);
  return found ?? null;
}
