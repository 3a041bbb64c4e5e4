import { setTimeout as sleep } from "node:timers/promises";
import { eq } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { knownDevice } from "./known-device.ts";
import { verifyPassword } from "./passwords.ts";
import { createSession } from "./sessions.ts";
import { backOffMs, countGuess } from "./throttle.ts";

export interface SignInAttempt {
  email: string;
  password: string;
  ip: string | null;
  userAgent: string | null;
  /** Of the request: one of them may say that this browser is known. */
  cookies?: readonly { name: string; value: string }[];
  /** Only pages ask people to prove that it is they: a session of the command line never has. */
  commandLine?: true;
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

/**
 * Signs a person in with a password and opens a session. The guess is counted before it is verified.
 * @throws AppError UNAUTHENTICATED, or RATE_LIMITED while the account, the address or the known browser has no guess left.
 */
export async function signInWithPassword(
  context: SignInContext,
  attempt: SignInAttempt,
): Promise<{ userId: string; sessionId: string }> {
  const { console, auditTargets } = context;
  const now = context.now?.() ?? new Date();
  const email = attempt.email.trim().toLowerCase();
  const [user] = await console.db.select().from(schema.users).where(eq(schema.users.email, email));
  const device = user ? await knownDevice(attempt.cookies ?? [], user.id) : null;
  const guess = await countGuess(console.db, { account: email, address: attempt.ip, device });

  const usable = user && !user.disabledAt ? user.passwordHash : null;
  const fits = await verifyPassword(usable, attempt.password);
  if (!user || !fits) {
    await console.db.transaction((tx) =>
      recordActivity(
        tx,
        {
          actor: { kind: "anonymous", id: null, name: "somebody", ip: attempt.ip },
          action: guess.last ? "sign-in.lock-out" : "sign-in.password",
          outcome: "refused",
          ...(user && { object: { type: "user", id: user.id, name: user.email } }),
          facts: { failures: guess.count, ...(device && { knownBrowser: true }) },
        },
        auditTargets,
        now,
      ),
    );
    await (context.wait ?? sleep)(backOffMs(guess.count));
    throw new AppError("UNAUTHENTICATED", refusal);
  }
  await guess.takeBack();
  const sessionId = await console.db.transaction(async (tx) => {
    const id = await createSession(
      tx,
      {
        userId: user.id,
        method: "password",
        ip: attempt.ip,
        userAgent: attempt.userAgent,
        reauthenticatedAt: attempt.commandLine ? null : now,
      },
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
