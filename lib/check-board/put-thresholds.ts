import { z } from "zod";
import { checks } from "../checks.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import type { VerbContext } from "../verbs/admin-action.ts";
import { findCheck } from "./get-check.ts";
import { type ThresholdInput, thresholdInput } from "./inputs.ts";
import { putThreshold } from "./put-threshold.ts";

export const thresholdsInput = z.strictObject({
  /** Where the thresholds may lie; `*`: anywhere. */
  target: z.union([z.literal("*"), targetInput]),
  thresholds: z.array(z.strictObject(thresholdInput)).min(1).max(1_000),
});

export const thresholdsAnswer = z.strictObject({ set: z.number() });

/** Sets many thresholds, all or none, and tells them as one change. @throws AppError as `putThreshold` */
export async function putThresholds(
  context: VerbContext,
  { target, thresholds }: z.output<typeof thresholdsInput>,
  rule: { approved: boolean },
) {
  for (const [place, threshold] of thresholds.entries()) {
    assertWithin(target, threshold, place);
    await putThreshold(context, findCheck(checks, threshold.check), threshold, rule);
  }
  return {
    data: { set: thresholds.length },
    target: target === "*" ? null : target,
    facts: { set: thresholds.length, checks: checksOf(thresholds) },
  };
}

/** @throws AppError BAD_INPUT for one that lies elsewhere */
export function assertWithin(target: string, threshold: ThresholdInput, place: number): void {
  if (target === "*" || threshold.target === target) return;
  throw new AppError("BAD_INPUT", `Threshold ${place + 1} is for ${threshold.target}, not for ${target}.`);
}

export function checksOf(thresholds: readonly ThresholdInput[]): string[] {
  return [...new Set(thresholds.map(({ check }) => check))].toSorted();
}
