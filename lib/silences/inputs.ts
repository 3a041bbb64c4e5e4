import { z } from "zod";
import { matchersInput } from "../alerting/matcher.ts";
import { nextOccurrences, type WindowTimes } from "../alerting/window-times.ts";
import { instantInput, targetInput, textInput, trimmedInput } from "../inputs.ts";
import { findClockProblem } from "../jobs/find-clock-problem.ts";
import { reasonInput } from "../reason.ts";

const dayMinutes = 24 * 60;
/** Whoever wants never to hear of it changes its limits, where everybody sees them. */
export const longestDays = 90;
/** What guards silences for a day at most. */
const guardedMinutes = dayMinutes;

const minutesInput = z
  .int()
  .min(1)
  .max(longestDays * dayMinutes);

/** What it is about. `*`: every target. */
export const scopeInput = z.strictObject({ target: targetInput, matchers: matchersInput });

export const silenceInput = scopeInput
  .extend({
    reason: reasonInput,
    /** Now when left out. */
    startsAt: instantInput.optional(),
    /** One of these three says when it ends: so many minutes after it begins, then, or when the incident resolves. */
    minutes: minutesInput.optional(),
    endsAt: instantInput.optional(),
    untilResolved: z.literal(true).optional(),
    /** The incident it is made for. */
    incident: z.uuid("is not an incident's id").optional(),
  })
  .superRefine(({ minutes, endsAt, untilResolved, incident, startsAt }, context) => {
    const ends = [minutes, endsAt, untilResolved].filter((given) => given !== undefined).length;
    if (ends !== 1)
      context.addIssue({
        code: "custom",
        path: ["endsAt"],
        message: "say one of: minutes, endsAt, untilResolved",
      });
    if (untilResolved && (incident === undefined || startsAt !== undefined))
      context.addIssue({
        code: "custom",
        path: ["untilResolved"],
        message: "takes the incident whose end it waits for, and begins now",
      });
  });

/** Of what guards: for so many minutes, since it begins whenever a second administrator agrees. */
export const guardedSilenceInput = scopeInput.extend({
  reason: reasonInput,
  minutes: z
    .int()
    .min(1)
    .max(guardedMinutes, "must be 1440 at most: what guards is silenced for a day at most"),
  incident: z.uuid("is not an incident's id").optional(),
});

export const silenceIdInput = z.strictObject({
  target: targetInput,
  id: z.uuid("is not a silence's id"),
});

const onceInput = z
  .strictObject({ startsAt: instantInput, endsAt: instantInput })
  .refine(({ startsAt, endsAt }) => endsAt > startsAt, {
    path: ["endsAt"],
    message: "must be after startsAt",
  })
  .refine(
    ({ startsAt, endsAt }) => endsAt.getTime() - startsAt.getTime() <= longestDays * dayMinutes * 60_000,
    {
      path: ["endsAt"],
      message: `must be within ${longestDays} days of startsAt`,
    },
  );

/** Occurrences that are tried: a week of hours. */
const occurrencesTried = 168;

export const recurringInput = z
  .strictObject({
    /** When each begins: minute, hour, day of month, month, day of week. */
    cron: textInput(100).min(1),
    timeZone: textInput(100).min(1).default("UTC"),
    minutes: z
      .int()
      .min(1)
      .max(7 * dayMinutes),
  })
  .superRefine((times, context) => {
    const problem = findClockProblem(times) ?? (neverEnds(times) ? endless : null);
    if (problem) context.addIssue({ code: "custom", ...problem });
  });

const endless: { path: string[]; message: string } = {
  path: ["minutes"],
  message: "lets one window begin before the one before it has ended: it must end between two",
};

function neverEnds(times: Extract<WindowTimes, { cron: string }>): boolean {
  const found = nextOccurrences(times, new Date(), occurrencesTried);
  return found.some(({ to }, i) => (found[i + 1]?.from ?? new Date(8.64e15)) <= to);
}

const whenInput = z.union([onceInput, recurringInput]);

const windowNameInput = trimmedInput(100).min(1, "must not be empty");

export const windowInput = scopeInput.extend({
  name: windowNameInput,
  when: whenInput,
  enabled: z.boolean().default(true),
  /** The one that was seen, 0 for none; left out: whatever stands there is replaced. */
  revision: z.int().min(0).optional(),
});

export const windowIdInput = z.strictObject({ target: targetInput, name: windowNameInput });
