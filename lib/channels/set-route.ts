import { inArray, max } from "drizzle-orm";
import { z } from "zod";
import { matchersInWords } from "../alerting/matcher.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { routeInput } from "./inputs.ts";
import { defaultRoute, defaultRouteId, readRoutes } from "./routes.ts";

/** Makes a route in front of the default one, or changes one. */
export const setRoute = defineAdminAction({
  name: "route.set",
  role: "admin",
  input: routeInput,
  answer: z.strictObject({ id: z.string(), name: z.string() }),
  object: ({ routeId, name }) => ({ type: "route", id: routeId ?? "new", name }),
  async run({ tx, actor, now }, { routeId, ...given }) {
    const { route, channel } = schema;
    const isDefault = routeId === defaultRouteId;
    if (isDefault && given.matchers.length > 0)
      throw new AppError("BAD_INPUT", "The default route takes everything that no other took.", {
        hint: "Make a route in front of it for what is to go elsewhere.",
      });
    if (routeId && !isDefault && !(await readRoutes(tx)).some(({ id }) => id === routeId))
      throw new AppError("NOT_FOUND", "There is no such route.");
    const asked = [...new Set(given.channels ?? [])];
    const known =
      asked.length > 0
        ? await tx.select({ id: channel.id }).from(channel).where(inArray(channel.id, asked))
        : [];
    if (known.length < asked.length)
      throw new AppError("BAD_INPUT", "It names a channel that does not exist.", {
        fields: { channels: "names one that does not exist" },
      });
    const [last] = await tx.select({ position: max(route.position) }).from(route);
    const id = routeId ?? uuidV7(now.getTime());
    const name = isDefault ? defaultRoute.name : given.name;
    const row = {
      ...given,
      name,
      channels: given.channels === null ? null : asked,
      changedAt: now,
      changedByName: actor.email ?? actor.name,
    };
    await tx
      .insert(route)
      .values({ id, position: isDefault ? 0 : (last?.position ?? 0) + 1, ...row })
      .onConflictDoUpdate({ target: route.id, set: row });
    const { matchers, severities, channels, goOn } = row;
    return {
      data: { id, name },
      object: { type: "route", id, name },
      facts: { severities, channels: channels ?? "all", goOn },
      detail: { matchers: matchersInWords(matchers) },
    };
  },
});
