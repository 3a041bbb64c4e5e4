import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { hashPassword, oneTimePassword } from "../auth/passwords.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { userObject } from "./guards.ts";
import { emailInput, nameInput, roleInput } from "./inputs.ts";

/** Makes an account. Answers its one-time password, which is shown once and must be changed at first sign-in. */
export const createUser = defineAdminAction({
  name: "user.create",
  role: "admin",
  input: z.strictObject({ email: emailInput, name: nameInput, role: roleInput }),
  answer: z.strictObject({ id: z.uuid(), email: z.string(), oneTimePassword: z.string() }),
  async run({ tx, now }, { email, name, role }) {
    const password = oneTimePassword();
    const id = uuidV7(now.getTime());
    const made = await tx
      .insert(schema.users)
      .values({
        id,
        email,
        name,
        role,
        passwordHash: await hashPassword(password),
        mustChangePassword: true,
        createdAt: now,
      })
      .onConflictDoNothing()
      .returning({ id: schema.users.id });
    if (made.length === 0) {
      throw new AppError("CONFLICT", `There is an account for ${email} already.`, {
        fields: { email: "has an account already" },
      });
    }
    return {
      data: { id, email, oneTimePassword: password },
      object: userObject({ id, email }),
      facts: { role },
    };
  },
});
