import { eq } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { sessionActor } from "./sessions.ts";

/** Revokes the session of whoever signs out, so that a copy of its cookie is worth nothing. */
export async function endSession(
  console: ConsoleDb,
  sessionId: string,
  auditTargets: readonly string[],
): Promise<void> {
  const actor = await sessionActor(console.db, sessionId, null);
  if (!actor) return;
  const now = new Date();
  await console.db.transaction(async (tx) => {
    await tx.update(schema.sessions).set({ revokedAt: now }).where(eq(schema.sessions.id, sessionId));
    await recordActivity(
      tx,
      { actor, action: "sign-out", outcome: "success", object: { type: "session", id: sessionId } },
      auditTargets,
      now,
    );
  });
}
