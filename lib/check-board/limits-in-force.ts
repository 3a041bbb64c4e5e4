import { narrowestOn } from "../evaluation/limits.ts";
import type { SetThreshold } from "../evaluation/stored-checks.ts";
import type { CheckDefinition, LimitsInForce } from "./types.ts";

/** The limits that apply to an object of a target, and whose they are; `*` for an object without limits of its own. */
export function limitsInForce(
  check: Pick<CheckDefinition, "id" | "limits">,
  thresholds: readonly SetThreshold[],
  target: string,
  objectKey: string,
): LimitsInForce | null {
  if (!check.limits) return null;
  const set = narrowestOn(thresholds, target)(check.id, objectKey);
  if (!set) return { ...check.limits, setBy: null };
  const { limits, setByName: name, setAt: at } = set;
  return { ...limits, setBy: { target: set.target, objectKey: set.objectKey, name, at } };
}
