import { z } from "zod";
import { defineRead } from "../read.ts";
import { getChannels } from "./get-channels.ts";
import { deliveriesInput, getDeliveries } from "./get-deliveries.ts";
import { getIncidentTellings } from "./get-incident-tellings.ts";
import { getRoutes } from "./get-routes.ts";
import { previewInput, previewRoute } from "./preview-route.ts";

/** Who is told of alerts, and how that went; the target plays no part. */
export const channelsReads = {
  channels: defineRead({
    role: "admin",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getChannels(console, now),
      observedAt: now,
      source: "console: channel",
    }),
  }),
  routes: defineRead({
    role: "operator",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getRoutes(console),
      observedAt: now,
      source: "console: route",
    }),
  }),
  routePreview: defineRead({
    role: "operator",
    input: previewInput,
    run: async ({ console, now }, input) => ({
      data: await previewRoute(console, input),
      observedAt: now,
      source: "console: route",
    }),
  }),
  deliveries: defineRead({
    role: "admin",
    input: deliveriesInput,
    run: async ({ console, now }, input) => ({
      data: await getDeliveries(console, input),
      observedAt: now,
      source: "console: delivery",
    }),
  }),
  incidentTellings: defineRead({
    role: "viewer",
    input: z.strictObject({ incident: z.uuid() }),
    run: async ({ limitedConsole, actor, now }, { incident }) => ({
      data: await getIncidentTellings(limitedConsole, actor, incident),
      observedAt: now,
      source: "console: telling_thread",
    }),
  }),
};
