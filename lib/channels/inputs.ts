import { z } from "zod";
import { alertSeverities } from "../alerting/alert.ts";
import { matchersInput } from "../alerting/matcher.ts";
import { trimmedInput } from "../inputs.ts";
import { channelForms } from "./config.ts";

/** Line breaks would begin another line of a message. */
export const nameInput = trimmedInput(80)
  .min(1, "needs a name")
  .refine((name) => !/\p{Cc}/u.test(name), "must be one line");

const channelBase = {
  /** Left out: a new one. */
  channelId: z.uuid().optional(),
  name: nameInput,
  /** Whether its messages may hold names of sessions and roles, texts of statements, and who did what. */
  details: z.boolean().default(false),
};
const form = <K extends keyof typeof channelForms>(kind: K) =>
  ({
    ...channelBase,
    kind: z.literal(kind),
    config: channelForms[kind].config as (typeof channelForms)[K]["config"],
    /** Left out: as it is. It is never read back. */
    secret: (channelForms[kind].secret as (typeof channelForms)[K]["secret"]).optional(),
  }) as const;

/** A channel as somebody sets it. */
export const channelInput = z.discriminatedUnion("kind", [
  z.strictObject(form("email")),
  z.strictObject({
    ...form("webhook"),
    /** A new key; the one before signs as well for 24 hours. */
    renewKey: z.boolean().optional(),
  }),
  z.strictObject(form("slack")),
  z.strictObject(form("teams")),
  z.strictObject(form("pagerduty")),
  z.strictObject(form("alertmanager")),
]);
export type ChannelInput = z.output<typeof channelInput>;

export const routeIdInput = z.union([z.uuid(), z.literal("default")]);

const seconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const week = 604_800;

/** A route as somebody sets it. */
export const routeInput = z.strictObject({
  /** Left out: a new one, before the default. */
  routeId: routeIdInput.optional(),
  name: nameInput,
  matchers: matchersInput.default([]),
  severities: z
    .array(z.enum(alertSeverities))
    .max(3)
    .default(["warning", "critical"])
    .transform((given) => alertSeverities.filter((severity) => given.includes(severity))),
  /** Ids; empty: nobody is told; null: every channel that is enabled. */
  channels: z.array(z.uuid()).max(50).nullable().default(null),
  groupWaitSeconds: seconds(0, 3_600).default(30),
  groupIntervalSeconds: seconds(0, 86_400).default(300),
  repeatSeconds: seconds(60, week).nullable().default(14_400),
  goOn: z.boolean().default(false),
});
