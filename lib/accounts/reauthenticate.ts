import { eq } from "drizzle-orm";
import { z } from "zod";
import { maxPasswordLength } from "../auth/passwords.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { textInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { checkOwnPassword } from "./check-own-password.ts";
import { lockUser } from "./guards.ts";

const elsewhere = "Only a page can ask whoever sits before it for the password.";

/** Notes on the session that it is still its person who sits there, for what must be sure of it (ADR 58). */
export const reauthenticate = defineAdminAction({
  name: "session.reauthenticate",
  role: "viewer",
  person: true,
  notOffered: { api: elsewhere, cli: elsewhere },
  input: z.strictObject({ password: textInput(maxPasswordLength).min(1, "must not be empty") }),
  answer: z.strictObject({}),
  async run(context, { password }) {
    const { tx, actor, now } = context;
    if (actor.kind !== "user" || !actor.sessionId)
      throw new AppError("FORBIDDEN", "Only a signed-in person has a session.");
    const user = await lockUser(context, actor.id);
    await checkOwnPassword(
      context,
      user,
      password,
      (message) => new AppError("FORBIDDEN", message, { fields: { password: message } }),
    );
    await tx
      .update(schema.sessions)
      .set({ reauthenticatedAt: now })
      .where(eq(schema.sessions.id, actor.sessionId));
    return { data: {}, object: { type: "session", id: actor.sessionId } };
  },
});
