import { setTimeout as sleep } from "node:timers/promises";
import { eq } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { verifyPassword } from "./passwords.ts";
import { createSession } from "./sessions.ts";
import { backOffMs, countFailure, forgetFailures, lockedUntil } from "./throttle.ts";
import { inTurn } from "./turns.ts";

export interface SignInAttempt {
  email: string;
  password: string;
  ip: string | null;
  userAgent: string | null;
}

export interface SignInContext {
  console: ConsoleDb;
  /** Names of the configured targets, for the audit events. */
  auditTargets: readonly string[];
  now?: () => Date;
  /** Holds an answer back; replaced in tests. */
  wait?: (ms: number) => Promise<unknown>;
}

/** What anybody may know about a failed sign-in: nothing tells an unknown account from a wrong password. */
const refusal = "E-mail or password is wrong.";
const lockedOut = "Too many failed attempts. Wait 15 minutes, then try again.";

/**
 * Signs a person in with a password and opens a session. Attempts on one account are taken in turn, so that
 * a burst of parallel guesses cannot outrun the count.
 * @throws AppError UNAUTHENTICATED, or OVERLOADED while the account or the address is locked out.
 */
export function signInWithPassword(
  context: SignInContext,
  attempt: SignInAttempt,
): Promise<{ userId: string; sessionId: string }> {
  return inTurn(attempt.email.trim().toLowerCase(), () => signInNext(context, attempt));
}

async function signInNext(context: SignInContext, attempt: SignInAttempt) {
  const { console, auditTargets } = context;
  const now = context.now?.() ?? new Date();
  const email = attempt.email.trim().toLowerCase();
  const locked = await lockedUntil(console.db, email, attempt.ip, now);
  if (locked) throw tooMany(locked, now);

  const [user] = await console.db.select().from(schema.users).where(eq(schema.users.email, email));
  const usable = user && !user.disabledAt ? user.passwordHash : null;
  const fits = await verifyPassword(usable, attempt.password);
  if (!user || !fits) {
    const failure = await countFailure(console.db, email, attempt.ip, now);
    await console.db.transaction((tx) =>
      recordActivity(
        tx,
        {
          actor: { kind: "anonymous", id: null, name: "somebody", ip: attempt.ip },
          action: failure.locked ? "sign-in.lock-out" : "sign-in.password",
          outcome: "refused",
          ...(user && { object: { type: "user", id: user.id, name: user.email } }),
          facts: { failures: failure.failures },
        },
        auditTargets,
        now,
      ),
    );
    await (context.wait ?? sleep)(backOffMs(failure.failures));
    if (failure.locked) throw tooMany(null, now);
    throw new AppError("UNAUTHENTICATED", refusal);
  }
  await forgetFailures(console.db, email);
  const sessionId = await console.db.transaction(async (tx) => {
    const id = await createSession(
      tx,
      { userId: user.id, method: "password", ip: attempt.ip, userAgent: attempt.userAgent },
      now,
    );
    await recordActivity(
      tx,
      {
        actor: { kind: "user", id: user.id, name: user.name, email: user.email, ip: attempt.ip },
        action: "sign-in.password",
        outcome: "success",
        object: { type: "session", id },
      },
      auditTargets,
      now,
    );
    return id;
  });
  return { userId: user.id, sessionId };
}

function tooMany(until: Date | null, now: Date): AppError {
  const waitSeconds = until ? Math.ceil((until.getTime() - now.getTime()) / 1_000) : 900;
  return new AppError("OVERLOADED", lockedOut, { retryAfterSeconds: waitSeconds });
}
