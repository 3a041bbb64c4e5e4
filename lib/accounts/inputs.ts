import { z } from "zod";
import { roles } from "../auth/roles.ts";
import { checkText, trimmedInput } from "../inputs.ts";

export const roleInput = z.enum(roles);
export const userIdInput = z.strictObject({ userId: z.uuid("is not a user's id") });
/** Stored in lower case; `admin@localhost` and the like are allowed in closed networks. */
export const emailInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, "is not an e-mail address")
  .superRefine(checkText);
export const nameInput = trimmedInput(200).min(1, "must not be empty");
