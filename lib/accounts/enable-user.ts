import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { lockUser, userObject } from "./guards.ts";
import { userIdInput } from "./inputs.ts";

/** Lets a disabled user in again, with the role and password they had. */
export const enableUser = defineAdminAction({
  name: "user.enable",
  role: "admin",
  input: userIdInput,
  answer: z.strictObject({ id: z.uuid() }),
  object: ({ userId }) => ({ type: "user", id: userId }),
  async run(context, { userId }) {
    const user = await lockUser(context, userId);
    await context.tx.update(schema.users).set({ disabledAt: null }).where(eq(schema.users.id, userId));
    return { data: { id: userId }, object: userObject(user) };
  },
});
