import { z } from "zod";
import { readActiveSilences } from "../alerting/read-overlay.ts";
import { visibleTargets } from "../auth/visible-targets.ts";
import { checks } from "../checks.ts";
import { targetInput, textInput } from "../inputs.ts";
import { defineRead } from "../read.ts";
import { topicOf } from "./describe-check.ts";
import { findCheck, getCheck } from "./get-check.ts";
import { getChecks } from "./get-checks.ts";
import { checkIdInput, thresholdInput } from "./inputs.ts";
import { ofState } from "./of-state.ts";
import { previewThreshold } from "./preview-threshold.ts";
import { statesByRank } from "./worst-state.ts";

/** Reads of what the evaluator stored; which target they are about stands in their input, `null` for all. */
export const checkBoardReads = {
  /** Every check on every target the actor may see, or on one. */
  checks: defineRead({
    role: "viewer",
    input: z.strictObject({
      target: targetInput.nullable().default(null),
      state: z.enum(statesByRank).optional(),
      topic: textInput(40).optional(),
    }),
    run: async ({ storedChecks, actor, now }, { target, state, topic }) => {
      const targets = visibleTargets(actor, target);
      const asked = checks.filter(({ id }) => topic === undefined || topicOf(id) === topic);
      const answer = await getChecks(storedChecks, { checks: asked, targets, now });
      return state === undefined ? answer : { ...answer, data: ofState(answer.data, state) };
    },
  }),
  /** One check on one target with its objects. */
  check: defineRead({
    role: "viewer",
    input: z.strictObject({
      check: checkIdInput,
      target: targetInput,
      limit: z.number().int().min(1).max(1_000).default(100),
      offset: z.number().int().min(0).default(0),
    }),
    run: ({ storedChecks, limitedConsole, actor, now }, { target, ...asked }) => {
      const [visible = ""] = visibleTargets(actor, target);
      return getCheck(storedChecks, {
        ...{ ...asked, checks, target: visible, now },
        silences: () => readActiveSilences(limitedConsole.db, now),
      });
    },
  }),
  /** What a threshold would change of the figures that are stored. */
  thresholdPreview: defineRead({
    role: "operator",
    input: z.strictObject(thresholdInput),
    run: ({ storedChecks, actor, now }, { check, target, object, ...limits }) =>
      previewThreshold(storedChecks, {
        check: findCheck(checks, check),
        targets: visibleTargets(actor, target === "*" ? null : target),
        target,
        objectKey: object,
        limits,
        now,
      }),
  }),
};
