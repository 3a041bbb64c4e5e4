import { eq } from "drizzle-orm";
import { z } from "zod";
import { assertPassword, hashPassword, maxPasswordLength } from "../auth/passwords.ts";
import { revokeSessions } from "../auth/sessions.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { textInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { checkOwnPassword } from "./check-own-password.ts";
import { lockUser, userObject } from "./guards.ts";

const typed = textInput(maxPasswordLength).min(1, "must not be empty");

/** Changes one's own password and ends one's other sessions. */
export const changePassword = defineAdminAction({
  name: "password.change",
  role: "viewer",
  person: true,
  beforePasswordChange: true,
  input: z.strictObject({ current: typed, next: typed }),
  answer: z.strictObject({ sessionsEnded: z.number().int() }),
  async run(context, { current, next }) {
    const { tx, actor, now } = context;
    if (actor.kind !== "user") throw new AppError("FORBIDDEN", "Only a signed-in person has a password.");
    const user = await lockUser(context, actor.id);
    await checkOwnPassword(
      context,
      user,
      current,
      (message) => new AppError("BAD_INPUT", message, { fields: { current: message } }),
    );
    await assertPassword(next, user.email, "next");
    if (current === next) {
      const problem = "Choose one that differs from the present one.";
      throw new AppError("BAD_INPUT", problem, { fields: { next: problem } });
    }
    await tx
      .update(schema.users)
      .set({ passwordHash: await hashPassword(next), mustChangePassword: false, passwordChangedAt: now })
      .where(eq(schema.users.id, user.id));
    const sessionsEnded = await revokeSessions(tx, user.id, now, actor.sessionId);
    return { data: { sessionsEnded }, object: userObject(user), facts: { sessionsEnded } };
  },
});
