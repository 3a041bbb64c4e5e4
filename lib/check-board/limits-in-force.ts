import { narrowestOn } from "../evaluation/limits.ts";
import type { SetThreshold } from "../evaluation/stored-checks.ts";
import type { CheckDefinition, LimitsInForce } from "./types.ts";

/**
 * The limits that apply to an object of a target, and whose they are; `*` for an object without limits of its own. Of a
 * check without a figure null, or what somebody set of its patience.
 */
export function limitsInForce(
  check: Pick<CheckDefinition, "id" | "limits">,
  thresholds: readonly SetThreshold[],
  target: string,
  objectKey: string,
): LimitsInForce | null {
  const set = narrowestOn(thresholds, target)(check.id, objectKey);
  if (!set) return check.limits && { ...check.limits, setBy: null };
  const { limits, setByName: name, setAt: at } = set;
  return {
    ...limits,
    setBy: {
      ...{ target: set.target, objectKey: set.objectKey, name, at },
      for: set.forSeconds ?? null,
      keepFiringFor: set.keepFiringSeconds ?? null,
    },
  };
}
