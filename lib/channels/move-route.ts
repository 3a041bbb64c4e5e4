import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { defaultRouteId, readRoutes } from "./routes.ts";

/** Puts a route in front of another; in front of `default` it is the last that is asked. */
export const moveRoute = defineAdminAction({
  name: "route.move",
  role: "admin",
  input: z.strictObject({ routeId: z.uuid(), before: z.union([z.uuid(), z.literal("default")]) }),
  answer: z.strictObject({ order: z.array(z.string()) }),
  object: ({ routeId }) => ({ type: "route", id: routeId }),
  async run({ tx }, { routeId, before }) {
    // Two who move at once would each number the order they saw.
    await tx.select({ id: schema.route.id }).from(schema.route).for("update");
    const routes = (await readRoutes(tx)).filter(({ id }) => id !== defaultRouteId);
    const moved = routes.find(({ id }) => id === routeId);
    const others = routes.filter(({ id }) => id !== routeId).map(({ id }) => id);
    const place = before === defaultRouteId ? others.length : others.indexOf(before);
    if (!moved || place < 0) throw new AppError("NOT_FOUND", "There is no such route.");
    const order = others.toSpliced(place, 0, routeId);
    for (const [index, id] of order.entries())
      await tx
        .update(schema.route)
        .set({ position: index + 1 })
        .where(eq(schema.route.id, id));
    return {
      data: { order: [...order, defaultRouteId] },
      object: { type: "route", id: routeId, name: moved.name },
      facts: { place: place + 1 },
    };
  },
});
