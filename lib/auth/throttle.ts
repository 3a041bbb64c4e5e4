import { createHash } from "node:crypto";
import { and, eq, gt, inArray, lt, max, sql } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

export const maxFailures = 5;
export const lockMinutes = 15;

type Scope = "account" | "address";

function keyOf(scope: Scope, value: string): string {
  return createHash("sha256").update(`${scope}\0${value.trim().toLowerCase()}`).digest("hex");
}

function subjects(email: string, ip: string | null): { scope: Scope; key: string }[] {
  const account = { scope: "account" as const, key: keyOf("account", email) };
  return ip ? [account, { scope: "address", key: keyOf("address", ip) }] : [account];
}

/** Until when this account or address is locked out; null when neither is. */
export async function lockedUntil(
  db: Queryable,
  email: string,
  ip: string | null,
  now: Date,
): Promise<Date | null> {
  const { signInThrottle } = schema;
  const keys = subjects(email, ip).map((subject) => subject.key);
  const [row] = await db
    .select({ until: max(signInThrottle.lockedUntil) })
    .from(signInThrottle)
    .where(and(inArray(signInThrottle.key, keys), gt(signInThrottle.lockedUntil, now)));
  return row?.until ?? null;
}

/**
 * Counts a failed sign-in for the account (whether it exists or not) and for the address. The fifth within
 * fifteen minutes locks both for fifteen minutes. Counting starts anew after a lock or a quiet quarter hour.
 * @returns failures so far (the larger of the two) and whether this one locked.
 */
export async function countFailure(
  db: Queryable,
  email: string,
  ip: string | null,
  now: Date,
): Promise<{ failures: number; locked: boolean }> {
  const { signInThrottle: t } = schema;
  const nowText = sql`${now.toISOString()}::timestamptz`;
  const quarterHour = sql.raw(`interval '${lockMinutes} minutes'`);
  const anew = sql`(${t.lastFailedAt} < ${nowText} - ${quarterHour} or ${t.lockedUntil} <= ${nowText})`;
  let failures = 0;
  let locked = false;
  for (const { scope, key } of subjects(email, ip)) {
    const [row] = await db
      .insert(t)
      .values({ scope, key, failures: 1, firstFailedAt: now, lastFailedAt: now })
      .onConflictDoUpdate({
        target: [t.scope, t.key],
        set: {
          failures: sql`case when ${anew} then 1 else ${t.failures} + 1 end`,
          firstFailedAt: sql`case when ${anew} then ${nowText} else ${t.firstFailedAt} end`,
          lastFailedAt: now,
          lockedUntil: sql`case when not coalesce(${anew}, false) and ${t.failures} + 1 >= ${maxFailures}
            then ${nowText} + ${quarterHour} end`,
        },
      })
      .returning({ failures: t.failures, lockedUntil: t.lockedUntil });
    failures = Math.max(failures, row?.failures ?? 0);
    locked ||= row?.lockedUntil != null;
  }
  return { failures, locked };
}

/** After a success the account starts anew; the address keeps its count, or one known account would clear it. */
export async function forgetFailures(db: Queryable, email: string): Promise<void> {
  const { signInThrottle: t } = schema;
  await db.delete(t).where(and(eq(t.scope, "account"), eq(t.key, keyOf("account", email))));
}

/** How long the answer to this failure is held back: 0, 250, 500, 1,000, then 2,000 ms. */
export function backOffMs(failures: number): number {
  return failures < 2 ? 0 : Math.min(250 * 2 ** (failures - 2), 2_000);
}

/** Drops what nobody failed on for a day. */
export async function pruneThrottle(db: Queryable, now: Date): Promise<void> {
  const { signInThrottle: t } = schema;
  await db.delete(t).where(lt(t.lastFailedAt, new Date(now.getTime() - 86_400_000)));
}
