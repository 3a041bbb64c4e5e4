import { eq } from "drizzle-orm";
import { z } from "zod";
import { hashPassword, oneTimePassword } from "../auth/passwords.ts";
import { revokeSessions } from "../auth/sessions.ts";
import { forgetGuesses } from "../auth/throttle.ts";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { lockUser, refuseSelf, userObject } from "./guards.ts";
import { userIdInput } from "./inputs.ts";

/** Gives a user a one-time password, shown once; ends their sessions and lifts a lock-out. */
export const resetPassword = defineAdminAction({
  name: "user.reset-password",
  role: "admin",
  reauthenticate: "/settings/users",
  input: userIdInput,
  answer: z.strictObject({ id: z.uuid(), email: z.string(), oneTimePassword: z.string() }),
  object: ({ userId }) => ({ type: "user", id: userId }),
  async run(context, { userId }) {
    const { tx, now } = context;
    const user = await lockUser(context, userId);
    refuseSelf(context, userId, "Change your own password on your account page.");
    const password = oneTimePassword();
    await tx
      .update(schema.users)
      .set({ passwordHash: await hashPassword(password), mustChangePassword: true, passwordChangedAt: now })
      .where(eq(schema.users.id, userId));
    const sessionsEnded = await revokeSessions(tx, userId, now);
    await forgetGuesses(tx, user.email);
    return {
      data: { id: userId, email: user.email, oneTimePassword: password },
      object: userObject(user),
      facts: { sessionsEnded },
    };
  },
});
