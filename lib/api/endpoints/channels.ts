import { z } from "zod";
import { alertSeverities } from "../../alerting/alert.ts";
import { deliveryStates } from "../../channels/get-deliveries.ts";
import { parseLabels } from "../../channels/parse-labels.ts";
import { textInput } from "../../inputs.ts";
import { channelsAnswer, deliveriesAnswer, routePreviewAnswer, routesAnswer } from "../answers/channels.ts";
import { defineEndpoint } from "../endpoint.ts";
import { limitQuery } from "../parts.ts";

/** Resources about channels. */
export const channelsEndpoints = {
  channels: defineEndpoint({
    path: "/api/v1/channels",
    summary: "The channels people are told by, and how each goes; never a secret",
    read: "channels",
    query: z.object({}),
    toInput: () => ({}),
    answer: channelsAnswer,
  }),
  routes: defineEndpoint({
    path: "/api/v1/routes",
    summary: "Which alerts go to which channels: routes in the order in which they are asked",
    read: "routes",
    query: z.object({}),
    toInput: () => ({}),
    answer: routesAnswer,
  }),
  routePreview: defineEndpoint({
    path: "/api/v1/routes/preview",
    summary: "Who would be told of an alert, by its labels or its incident, as the routes stand now",
    read: "routePreview",
    query: z.object({
      incident: z.uuid().optional().meta({ description: "Instead of labels and severity" }),
      labels: textInput(2_000)
        .default("")
        .meta({ description: "Such as `check=replication.lag target=audit`" }),
      severity: z.enum(alertSeverities).default("critical"),
    }),
    toInput: ({ incident, labels, severity }) =>
      incident ? { incident } : { severity, labels: parseLabels(labels) },
    answer: routePreviewAnswer,
  }),
  deliveries: defineEndpoint({
    path: "/api/v1/deliveries",
    summary: "Messages to channels with what was answered, newest first",
    read: "deliveries",
    query: z.object({
      id: z.uuid().optional().meta({ description: "Only this one" }),
      channel: z.uuid().optional(),
      incident: z.uuid().optional(),
      state: z.enum(deliveryStates).optional(),
      limit: limitQuery(500, 100),
      before: z.coerce
        .number()
        .int()
        .min(1)
        .optional()
        .meta({ description: "Only older ones than this number" }),
    }),
    toInput: (query) => query,
    answer: deliveriesAnswer,
  }),
};
