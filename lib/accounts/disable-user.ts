import { eq } from "drizzle-orm";
import { z } from "zod";
import { revokeSessions } from "../auth/sessions.ts";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { keepOneAdmin, lockUser, refuseSelf, userObject } from "./guards.ts";
import { userIdInput } from "./inputs.ts";

/** Shuts a user out at once: sessions end, and the API tokens they made are refused while it lasts. */
export const disableUser = defineAdminAction({
  name: "user.disable",
  role: "admin",
  input: userIdInput,
  answer: z.strictObject({ id: z.uuid(), sessionsEnded: z.number().int() }),
  object: ({ userId }) => ({ type: "user", id: userId }),
  confirm: async (context, { userId }) => (await lockUser(context, userId)).email,
  async run(context, { userId }) {
    const user = await lockUser(context, userId);
    refuseSelf(context, userId, "Nobody disables their own account. Ask another administrator.");
    await keepOneAdmin(context, user);
    const disabledAt = user.disabledAt ?? context.now;
    await context.tx.update(schema.users).set({ disabledAt }).where(eq(schema.users.id, userId));
    const sessionsEnded = await revokeSessions(context.tx, userId, context.now);
    return { data: { id: userId, sessionsEnded }, object: userObject(user), facts: { sessionsEnded } };
  },
});
