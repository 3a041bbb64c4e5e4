import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { keepOneAdmin, lockUser, refuseSelf, userObject } from "./guards.ts";
import { roleInput, userIdInput } from "./inputs.ts";

/** Gives a user another role; it holds from their next request on. */
export const setUserRole = defineAdminAction({
  name: "user.set-role",
  role: "admin",
  reauthenticate: "/settings/users",
  input: userIdInput.extend({ role: roleInput }),
  answer: z.strictObject({ id: z.uuid(), role: roleInput }),
  object: ({ userId }) => ({ type: "user", id: userId }),
  async run(context, { userId, role }) {
    const user = await lockUser(context, userId);
    refuseSelf(context, userId, "Nobody changes their own role. Ask another administrator.");
    if (role !== "admin") await keepOneAdmin(context, user);
    await context.tx.update(schema.users).set({ role }).where(eq(schema.users.id, userId));
    return { data: { id: userId, role }, object: userObject(user), facts: { from: user.role, to: role } };
  },
});
