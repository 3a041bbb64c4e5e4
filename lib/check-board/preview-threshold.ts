import { type Check, type CheckState, type Limits, stateAt } from "../check.ts";
import { narrowestOn, type SetLimits } from "../evaluation/limits.ts";
import type { StoredChecks } from "../evaluation/stored-checks.ts";
import type { Observed } from "../result.ts";
import { assertLimits } from "./assert-limits.ts";
import { nameObject } from "./name-object.ts";

/** What limits would make of the figures that are stored; the evaluator judges anew with its next evaluation. */
export interface ThresholdPreview {
  /** Objects these limits would apply to. */
  applies: number;
  /** By what they would become, those that change alone. */
  becomes: Partial<Record<CheckState, number>>;
  /** Some of those that change, worst first. */
  examples: { target: string; name: string; value: number; from: CheckState; to: CheckState }[];
}

const mostExamples = 5;

/**
 * @param targets those that whoever asks may see; a scope of every target means these
 * @throws AppError as `assertLimits`
 */
export async function previewThreshold(
  stored: StoredChecks,
  asked: {
    check: Check;
    targets: readonly string[];
    target: string;
    objectKey: string;
    limits: Limits & { unit: string | null };
    now: Date;
  },
): Promise<Observed<ThresholdPreview>> {
  const { check, target, objectKey, limits, now } = asked;
  assertLimits(check, limits);
  const targets = target === "*" ? asked.targets : [target];
  const [states, thresholds] = await Promise.all([
    stored.figures({ checkId: check.id, targets }),
    stored.thresholds(targets),
  ]);
  const isScope = (set: SetLimits) =>
    set.checkId === check.id && set.target === target && set.objectKey === objectKey;
  const mine = { checkId: check.id, target, objectKey, limits, setByName: "", setAt: now };
  const changed = [...thresholds.filter((set) => !isScope(set)), mine];
  const applying = states.filter(
    (state) => narrowestOn(changed, state.target)(check.id, state.objectKey) === mine,
  );
  const direction = check.thresholds?.direction ?? "rising";
  const at = (value: number | null, compared: Limits | null) =>
    value === null || compared === null ? null : stateAt(value, compared, direction);
  const changing = applying
    // What a check calls fine for another reason than its figure stays so.
    .filter(({ value, threshold, state }) => at(value, threshold) === state)
    .flatMap(({ value, state, ...rest }) => {
      const to = at(value, limits);
      return value === null || to === null || to === state ? [] : [{ ...rest, value, state, to }];
    });
  const becomes: ThresholdPreview["becomes"] = {};
  for (const { to } of changing) becomes[to] = (becomes[to] ?? 0) + 1;
  const sign = direction === "falling" ? 1 : -1;
  return {
    data: {
      applies: applying.length,
      becomes,
      examples: changing
        .toSorted((a, b) => sign * (a.value - b.value))
        .slice(0, mostExamples)
        .map(({ target: on, object, value, state, to }) => ({
          target: on,
          name: nameObject(object),
          value,
          from: state,
          to,
        })),
    },
    observedAt: now,
    source: "console: check_state",
  };
}
