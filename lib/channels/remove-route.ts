import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { routeIdInput } from "./inputs.ts";
import { readRoutes } from "./routes.ts";

/** Removes a route; the default one goes back to what the console brings. */
export const removeRoute = defineAdminAction({
  name: "route.remove",
  role: "admin",
  input: z.strictObject({ routeId: routeIdInput }),
  answer: z.strictObject({ id: z.string(), name: z.string() }),
  object: ({ routeId }) => ({ type: "route", id: routeId }),
  async run({ tx }, { routeId }) {
    const found = (await readRoutes(tx)).find(({ id }) => id === routeId);
    if (!found) throw new AppError("NOT_FOUND", "There is no such route.");
    await tx.delete(schema.route).where(eq(schema.route.id, routeId));
    return {
      data: { id: routeId, name: found.name },
      object: { type: "route", id: routeId, name: found.name },
    };
  },
});
