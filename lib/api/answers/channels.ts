import { z } from "zod";
import { alertSeverities } from "../../alerting/alert.ts";
import { labelNames } from "../../alerting/labels.ts";
import { deliveryStates } from "../../channels/get-deliveries.ts";
import { channelKinds, deliveryKinds } from "../../channels/kinds.ts";
import { count, instant, nullableText } from "../parts.ts";
import { matcher } from "./silences.ts";

const severity = z.enum(alertSeverities);
const kind = z.enum(channelKinds).meta({ id: "ChannelKind" });

export const channelsAnswer = z.object({
  channels: z.array(
    z
      .object({
        id: z.uuid(),
        kind,
        name: z.string(),
        config: z.looseObject({}).meta({ description: "As it was set; a secret is never among it" }),
        host: nullableText.meta({ description: "null: secret, or the mail server of SMTP_URL" }),
        details: z.boolean().meta({
          description: "Whether its messages may hold names of sessions and roles, and texts of statements",
        }),
        enabled: z.boolean(),
        disabledBecause: nullableText.meta({ description: "Why the console disabled it" }),
        secretSince: instant.nullable().meta({ description: "null: no secret is kept for it" }),
        failing: z
          .object({ since: instant, error: z.string(), nextAt: instant.nullable() })
          .nullable()
          .meta({ description: "Set while nothing gets there" }),
        deliveredAt: instant.nullable(),
        waiting: count,
        dead: count.meta({ description: "Messages given up within seven days" }),
        changed: z.object({ at: instant, by: z.string() }),
      })
      .meta({ id: "Channel" }),
  ),
  mailServer: z.boolean().meta({ description: "Whether SMTP_URL is set" }),
});

const seconds = count.meta({ description: "Seconds" });
const paces = { groupWaitSeconds: seconds, groupIntervalSeconds: seconds, repeatSeconds: seconds.nullable() };

export const routesAnswer = z.object({
  routes: z.array(
    z
      .object({
        id: z.string().meta({ description: "`default`: the last one, for what no other took" }),
        name: z.string(),
        matchers: z.array(matcher),
        severities: z.array(severity),
        channels: z
          .array(z.uuid())
          .nullable()
          .meta({ description: "Empty: nobody; null: every channel that is enabled" }),
        ...paces,
        goOn: z.boolean().meta({ description: "Whether the routes behind it are asked as well" }),
        changed: z.object({ at: instant, by: z.string() }).nullable(),
      })
      .meta({ id: "Route" }),
  ),
  channels: z.array(z.object({ id: z.uuid(), name: z.string(), kind, enabled: z.boolean() })),
});

const named = z.object({ id: z.string(), name: z.string() });

export const routePreviewAnswer = z.object({
  alerts: z.array(z.object({ severity, labels: z.record(z.enum(labelNames), z.string()) })),
  tells: z.array(
    z.object({
      channel: z.object({ id: z.uuid(), name: z.string(), enabled: z.boolean() }),
      route: named,
      ...paces,
    }),
  ),
  taken: z.array(z.object({ ...named.shape, channels: count })),
});

export const deliveriesAnswer = z.array(
  z
    .object({
      id: z.uuid().meta({ description: "The idempotency key it is sent with" }),
      number: count,
      kind: z.enum(deliveryKinds),
      channel: named,
      incident: z.object({ id: z.uuid(), number: count, target: z.string() }).nullable(),
      headline: z.string(),
      state: z.enum(deliveryStates),
      attempts: count,
      nextAttemptAt: instant.nullable(),
      answer: nullableText.meta({ description: "What the other side said last" }),
      createdAt: instant,
      settledAt: instant.nullable(),
    })
    .meta({ id: "Delivery" }),
);

export const incidentTellingsAnswer = z.array(
  z.object({
    channel: z.object({ id: z.uuid(), name: z.string(), kind, enabled: z.boolean() }),
    told: z.enum(["firing", "resolved"]),
    toldAt: instant,
    waiting: z.object({ attempts: count, answer: nullableText }).nullable(),
    silencedThere: z
      .object({ since: instant, words: z.string() })
      .nullable()
      .meta({ description: "Why nobody is told on the other side, e.g. a silence in Alertmanager" }),
  }),
);
