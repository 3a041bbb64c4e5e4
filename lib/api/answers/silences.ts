import { z } from "zod";
import { alertSeverities } from "../../alerting/alert.ts";
import { labelNames } from "../../alerting/labels.ts";
import { matcherOperators } from "../../alerting/matcher.ts";
import { silenceStates } from "../../alerting/silence-state.ts";
import { count, instant, nullableText } from "../parts.ts";

export const matcher = z
  .object({ label: z.enum(labelNames), is: z.enum(matcherOperators), value: z.string() })
  .meta({
    id: "Matcher",
    description: "A condition on a label of an alert; with `~` and `!~` `*` is any text",
  });

const incident = z.object({ id: z.uuid(), number: count });

const hushing = z
  .object({
    alerts: count,
    incidents: count,
    list: z
      .array(
        z.object({
          incident,
          target: z.string(),
          check: z.string(),
          severity: z.enum(alertSeverities),
          title: z.string(),
        }),
      )
      .meta({ description: "Those that fire longest, some at most" }),
  })
  .meta({ id: "Hushing", description: "Alerts that fire and are not told" });

const target = z.string().meta({ description: "`*`: every target" });
const occurrence = z.object({ from: instant, to: instant });

export const silencesAnswer = z.object({
  silences: z.array(
    z
      .object({
        id: z.uuid(),
        target,
        matchers: z.array(matcher),
        reason: z.string(),
        guarded: z
          .boolean()
          .meta({ description: "Two administrators agreed: guarded checks are silenced too" }),
        state: z.enum(silenceStates),
        startsAt: instant,
        endsAt: instant.nullable().meta({ description: "null: until its incident resolves" }),
        incident: incident.nullable().meta({ description: "The one it was made for" }),
        by: z.string(),
        createdAt: instant,
        endedBy: nullableText.meta({ description: "Who ended it before its time" }),
        hushes: hushing,
      })
      .meta({ id: "Silence" }),
  ),
  counts: z.object({ active: count, pending: count, expired: count }),
});

export const silencePreviewAnswer = z.object({
  hushes: hushing,
  leftOut: hushing.meta({ description: "Of guarded checks: told all the same" }),
  guardedChecks: z.array(z.string()).meta({ description: "Titles of guarded checks it could match" }),
  checks: z.object({ reached: count, all: count }),
  everything: z.boolean(),
});

export const maintenanceWindowsAnswer = z.array(
  z
    .object({
      id: z.uuid(),
      target,
      name: z.string(),
      matchers: z.array(matcher),
      when: z.union([
        z.object({ startsAt: instant, endsAt: instant }),
        z.object({ cron: z.string(), timeZone: z.string(), minutes: count }),
      ]),
      words: nullableText.meta({ description: "A recurring one's expression in words" }),
      enabled: z.boolean(),
      revision: count,
      setBy: z.string(),
      setAt: instant,
      open: occurrence.nullable().meta({ description: "Set while it is open" }),
      next: z.array(occurrence).meta({ description: "The next five that begin" }),
      hushes: hushing,
    })
    .meta({ id: "MaintenanceWindow" }),
);

export const deadManAnswer = z
  .object({
    host: z.string().meta({ description: "Host and port that are pinged" }),
    everySeconds: count,
    state: z.enum(["running", "late", "failing", "unled"]),
    lastPing: instant.nullable(),
    failure: z.object({ message: z.string(), since: instant }).nullable(),
  })
  .nullable();
