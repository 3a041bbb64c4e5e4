import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { can } from "../auth/roles.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

/** Ends one session: anybody their own, an administrator anybody's. */
export const revokeSession = defineAdminAction({
  name: "session.revoke",
  role: "viewer",
  input: z.strictObject({ sessionId: z.uuid("is not a session's id") }),
  answer: z.strictObject({ id: z.uuid() }),
  object: ({ sessionId }) => ({ type: "session", id: sessionId }),
  async run({ tx, actor, now }, { sessionId }) {
    const { sessions, users } = schema;
    const [session] = await tx
      .select({ userId: sessions.userId, email: users.email })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(eq(sessions.id, sessionId));
    const own = actor.kind === "user" && session?.userId === actor.id;
    if (!own && !can(actor.role, "admin")) {
      throw new AppError("FORBIDDEN", "Only an administrator ends other people's sessions.");
    }
    if (!session) throw new AppError("NOT_FOUND", "There is no such session.");
    await tx
      .update(sessions)
      .set({ revokedAt: now })
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)));
    return {
      data: { id: sessionId },
      object: { type: "session", id: sessionId },
      detail: { user: session.email },
    };
  },
});
