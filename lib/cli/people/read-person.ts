import type { Actor } from "../../auth/actor.ts";
import { sessionActor } from "../../auth/sessions.ts";
import { authenticateBearer } from "../../auth/tokens.ts";
import { consoleDb } from "../../db/console-db.ts";
import { env } from "../../env.ts";
import { AppError } from "../../errors.ts";
import { readSignIn } from "./sign-in-file.ts";

/**
 * For whom the command line acts where a verb needs a person: the token of AUDIT_DB_TOKEN, else whoever signed in with
 * `audit-db login`; null when there is neither.
 * @throws AppError UNAUTHENTICATED when the token or the sign-in no longer holds
 */
export async function readPerson(): Promise<Actor | null> {
  const { AUDIT_DB_TOKEN } = env();
  const { db } = consoleDb();
  if (AUDIT_DB_TOKEN) return authenticateBearer(db, `Bearer ${AUDIT_DB_TOKEN}`);
  const signIn = readSignIn();
  if (!signIn) return null;
  const actor = await sessionActor(db, signIn.sessionId, null);
  if (actor) return actor;
  throw new AppError(
    "UNAUTHENTICATED",
    `The sign-in of ${signIn.email} has ended, or was at another console.`,
    {
      hint: "Run `audit-db login`.",
    },
  );
}
