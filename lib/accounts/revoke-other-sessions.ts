import { z } from "zod";
import { revokeSessions } from "../auth/sessions.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";

/** Ends all of one's own sessions but the one this comes from. */
export const revokeOtherSessions = defineAdminAction({
  name: "session.revoke-others",
  role: "viewer",
  person: true,
  input: z.strictObject({}),
  answer: z.strictObject({ sessionsEnded: z.number().int() }),
  async run({ tx, actor, now }) {
    if (actor.kind !== "user") throw new AppError("FORBIDDEN", "Only a signed-in person has sessions.");
    const sessionsEnded = await revokeSessions(tx, actor.id, now, actor.sessionId);
    return { data: { sessionsEnded }, facts: { sessionsEnded } };
  },
});
