import { z } from "zod";
import { identifierInput, targetInput, textInput } from "../inputs.ts";
import { nextRuns } from "../jobs/define-schedule.ts";
import { findClockProblem } from "../jobs/find-clock-problem.ts";
import { cutInput, lockTimeoutInput, relationInput } from "../partition-plan/request.ts";
import { endOfWindow } from "../upkeep-rules/work-window.ts";
import { momentInWords } from "../words.ts";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of the day, such as 02:30");

/** The table whose rule is meant. */
export const ruleInput = z.strictObject({ target: targetInput, table: relationInput });

/** What a rule says, besides of which table. */
export const ruleFields = {
  /** Left out: learned from the partitions that are there. */
  cut: cutInput.optional(),
  /** Intervals after the one that holds now. */
  ahead: z.int().min(1).max(1_000),
  tablespace: identifierInput.optional(),
  /** Minute, hour, day of month, month, day of week. */
  cron: textInput(100).min(1),
  /** IANA name, of the expression and of the window. */
  timeZone: textInput(100).min(1).default("UTC"),
  /** In which it may work; always when left out. */
  window: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  lockTimeoutMs: lockTimeoutInput,
};

/** Slots that are tried: a week of hours, and more than three months of days. */
const slotsTried = 168;

interface Times {
  cron: string;
  timeZone: string;
  window?: { from: string; to: string } | undefined;
}

/** For an input with these fields: an expression and a zone that say when, and a window that every slot lies in. */
export function checkTimes(times: Times, context: z.RefinementCtx): void {
  const found = findTimesProblem(times);
  if (found) context.addIssue({ code: "custom", ...found });
}

function findTimesProblem({ cron, timeZone, window }: Times): { path: string[]; message: string } | null {
  const problem = findClockProblem({ cron, timeZone });
  if (problem) return problem;
  if (window?.from === window?.to && window)
    return { path: ["window"], message: "ends when it begins; leave it out for always" };
  const slots = window ? nextRuns({ cron, timeZone }, new Date(), slotsTried) : [];
  const outside = window && slots.find((slot) => endOfWindow(window, timeZone, slot) === null);
  return outside
    ? {
        path: ["window"],
        message: `does not hold the run of ${momentInWords(outside.toISOString())} UTC: let every run begin within it`,
      }
    : null;
}
