import type { Check } from "../check.ts";
import { alertSeverities } from "./alert.ts";
import { type LabelName, type Labels, labelNames } from "./labels.ts";
import { type Matcher, matches } from "./matcher.ts";

/** What a check's id and its target alone say of an alert; the other labels are its object's. */
const known: readonly LabelName[] = ["target", "check", "topic", "severity"];

/** What matchers reach, whatever fires. */
export interface Reach {
  /** Checks of which an object could be matched. */
  checks: readonly string[];
  /** Whether there is hardly anything that they do not match, on every target. */
  everything: boolean;
}

/** @param target `*`: on every one of `targets` */
export function reachOf(
  { target, matchers }: { target: string; matchers: readonly Matcher[] },
  { checks, targets }: { checks: readonly Pick<Check, "id">[]; targets: readonly string[] },
): Reach {
  const ofAlert = matchers.filter(({ label }) => known.includes(label));
  const reached = checks.filter(({ id }) =>
    everyAlert(id, target === "*" ? targets : [target]).some((labels) => matches(ofAlert, labels)),
  );
  const all = (): boolean =>
    checks.every(({ id }) => everyAlert(id, targets).every((labels) => matches(ofAlert, labels)));
  return {
    checks: reached.map(({ id }) => id),
    everything:
      target === "*" && matchers.every((matcher) => ofAlert.includes(matcher) || isLoose(matcher)) && all(),
  };
}

/** It names no object: all of them, or all but some. */
function isLoose({ is, value }: Matcher): boolean {
  return is.startsWith("!") || (is === "~" && /^\*+$/.test(value));
}

function everyAlert(check: string, targets: readonly string[]): Labels[] {
  const none = Object.fromEntries(labelNames.map((name) => [name, ""])) as unknown as Labels;
  const topic = check.slice(0, check.indexOf("."));
  return targets.flatMap((target) =>
    alertSeverities.map((severity) => ({ ...none, target, check, topic, severity })),
  );
}
