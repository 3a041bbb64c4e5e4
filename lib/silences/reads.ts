import { z } from "zod";
import { silenceStates } from "../alerting/silence-state.ts";
import { nextOccurrences } from "../alerting/window-times.ts";
import { visibleTargets } from "../auth/visible-targets.ts";
import type { Check } from "../check.ts";
import { env } from "../env.ts";
import { targetInput } from "../inputs.ts";
import { cronWords } from "../jobs/cron-words.ts";
import { defineRead } from "../read.ts";
import { getDeadMan } from "./get-dead-man.ts";
import { getLabelValues } from "./get-label-values.ts";
import { getMaintenanceWindows } from "./get-maintenance-windows.ts";
import { getSilences } from "./get-silences.ts";
import { recurringInput, scopeInput } from "./inputs.ts";
import { previewSilence } from "./preview-silence.ts";

const shownOccurrences = 5;
const ofTarget = { target: targetInput.nullable().default(null) };

/** Reads of what nobody is told about; which target they are about stands in their input, null for all one may see. */
export const silencesReads = (checks: readonly Check[]) => ({
  silences: defineRead({
    role: "viewer",
    input: z.strictObject({
      ...ofTarget,
      state: z.enum(silenceStates).optional(),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    run: async ({ limitedConsole, actor, now }, { target, ...asked }) => ({
      data: await getSilences(
        limitedConsole.db,
        checks,
        { ...asked, targets: visibleTargets(actor, target) },
        now,
      ),
      observedAt: now,
      source: "console: silence",
    }),
  }),
  /** Of what is being written: nothing has to be set yet. */
  silencePreview: defineRead({
    role: "viewer",
    input: scopeInput,
    run: async ({ limitedConsole, actor, now }, asked) => {
      const targets = visibleTargets(actor, asked.target === "*" ? null : asked.target);
      const allTargets = env().targets.map(({ name }) => name);
      return {
        data: await previewSilence(limitedConsole.db, checks, asked, { targets, allTargets }),
        observedAt: now,
        source: "console: alert",
      };
    },
  }),
  /** What is offered while a condition is written. */
  labelValues: defineRead({
    role: "viewer",
    input: scopeInput,
    run: async ({ limitedConsole, actor, now }, { target, matchers }) => ({
      data: await getLabelValues(
        limitedConsole.db,
        matchers,
        visibleTargets(actor, target === "*" ? null : target),
      ),
      observedAt: now,
      source: "console: check_state",
    }),
  }),
  maintenanceWindows: defineRead({
    role: "viewer",
    input: z.strictObject(ofTarget),
    run: async ({ limitedConsole, actor, now }, { target }) => ({
      data: await getMaintenanceWindows(limitedConsole.db, checks, visibleTargets(actor, target), now),
      observedAt: now,
      source: "console: maintenance_window",
    }),
  }),
  /** When a recurring window that is being written would be. */
  windowOccurrences: defineRead({
    role: "viewer",
    input: recurringInput,
    run: async ({ now }, when) => ({
      data: { words: cronWords(when.cron), next: nextOccurrences(when, now, shownOccurrences) },
      observedAt: now,
      source: "clock",
    }),
  }),
  /** Whether somebody outside notices that the console is dead. */
  deadMan: defineRead({
    role: "viewer",
    input: z.strictObject({}),
    run: async ({ limitedConsole, now }) => ({
      data: await getDeadMan(limitedConsole.sql, env()),
      observedAt: now,
      source: "console: history.heartbeat",
    }),
  }),
});
