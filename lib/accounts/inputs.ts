import { z } from "zod";
import { roles } from "../auth/roles.ts";

export const roleInput = z.enum(roles);
export const userIdInput = z.strictObject({ userId: z.uuid("is not a user's id") });
/** Stored in lower case; `admin@localhost` and the like are allowed in closed networks. */
export const emailInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, "is not an e-mail address");
export const nameInput = z.string().trim().min(1, "must not be empty").max(200);
