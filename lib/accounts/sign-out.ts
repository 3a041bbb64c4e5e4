import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { defineAdminAction } from "../auth/admin-action.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";

/** Ends the session this comes from. */
export const signOut = defineAdminAction({
  name: "sign-out",
  role: "viewer",
  beforePasswordChange: true,
  input: z.strictObject({}),
  async run({ tx, actor, now }) {
    const { sessionId } = actor;
    if (!sessionId) throw new AppError("FORBIDDEN", "Only a signed-in person has a session to end.");
    await tx
      .update(schema.sessions)
      .set({ revokedAt: now })
      .where(and(eq(schema.sessions.id, sessionId), isNull(schema.sessions.revokedAt)));
    return { data: {}, object: { type: "session", id: sessionId } };
  },
});
