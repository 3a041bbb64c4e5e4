import { eq } from "drizzle-orm";
import { z } from "zod";
import { assertPassword, hashPassword, maxPasswordLength, verifyPassword } from "../auth/passwords.ts";
import { revokeSessions } from "../auth/sessions.ts";
import { countGuess } from "../auth/throttle.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { textInput } from "../inputs.ts";
import { defineAdminAction, type VerbContext } from "../verbs/admin-action.ts";
import { lockUser, type UserRow, userObject } from "./guards.ts";

const typed = textInput(maxPasswordLength).min(1, "must not be empty");

/** Changes one's own password and ends one's other sessions. */
export const changePassword = defineAdminAction({
  name: "password.change",
  role: "viewer",
  beforePasswordChange: true,
  input: z.strictObject({ current: typed, next: typed }),
  async run(context, { current, next }) {
    const { tx, actor, now } = context;
    if (actor.kind !== "user") throw new AppError("FORBIDDEN", "Only a signed-in person has a password.");
    const user = await lockUser(context, actor.id);
    if (!user.passwordHash) {
      throw new AppError(
        "CONFLICT",
        "This account signs in through single sign-on and has no password here.",
      );
    }
    await checkCurrent(context, user, current);
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

/** Whoever finds an open browser must not be able to guess on: five tries, then a quarter hour. */
async function checkCurrent({ console }: VerbContext, user: UserRow, current: string): Promise<void> {
  const wrong = (message: string) => new AppError("BAD_INPUT", message, { fields: { current: message } });
  // Outside the transaction: the refusal rolls that back, the count must stay.
  const guess = await countGuess(console.db, {
    account: `password change of ${user.id}`,
    address: null,
  }).catch((thrown: unknown) => {
    const refused = thrown instanceof AppError && thrown.code === "RATE_LIMITED";
    throw refused ? wrong("Too many wrong tries. Wait 15 minutes.") : thrown;
  });
  if (!(await verifyPassword(user.passwordHash, current))) throw wrong("The present password is wrong.");
  await guess.takeBack();
}
