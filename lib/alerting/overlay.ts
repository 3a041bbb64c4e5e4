import type { Check } from "../check.ts";
import { momentInWords } from "../words.ts";
import { type AlertSeverity, severityRank } from "./alert.ts";
import type { Hush } from "./hush.ts";
import type { Labels } from "./labels.ts";
import { type Matcher, matches } from "./matcher.ts";

/** A silence that holds now. */
export interface ActiveSilence {
  id: string;
  /** `*`: every target. */
  target: string;
  matchers: readonly Matcher[];
  reason: string;
  by: string;
  /** Whether two administrators agreed that guarded checks are silenced as well. */
  guarded: boolean;
  /** Null: until its incident resolves. */
  until: Date | null;
}

/** A maintenance window that is open now. */
export interface OpenWindow {
  id: string;
  target: string;
  matchers: readonly Matcher[];
  name: string;
  until: Date;
}

/** An alert that fires and explains others. */
export interface Inhibitor {
  target: string;
  checkId: string;
  objectKey: string;
  severity: AlertSeverity;
  incidentId: string | null;
  title: string;
}

/** What of a check the overlay judges by. */
export type CheckTraits = Pick<Check, "guarded" | "whileDown" | "covers" | "outage">;

/** All that keeps alerts from being told at one moment. */
export interface OverlayFacts {
  silences: readonly ActiveSilence[];
  windows: readonly OpenWindow[];
  inhibitors: readonly Inhibitor[];
  checks: ReadonlyMap<string, CheckTraits>;
}

/** An alert as the overlay sees it. */
export interface JudgedAlert {
  objectKey: string;
  labels: Labels;
  severity: AlertSeverity;
}

/** Whether a silence or a window means this alert: a guarded check's only where it may. */
export function meansAlert(
  hush: { target: string; matchers: readonly Matcher[]; guarded?: boolean },
  { labels }: Pick<JudgedAlert, "labels">,
  checks: OverlayFacts["checks"],
): boolean {
  if (hush.target !== "*" && hush.target !== labels.target) return false;
  if (checks.get(labels.check)?.guarded && !hush.guarded) return false;
  return matches(hush.matchers, labels);
}

/** What keeps this alert from being told now, or null: a person's silence first, then a window, then what explains it. */
export function hushOf(alert: JudgedAlert, facts: OverlayFacts): Hush | null {
  const silence = facts.silences
    .filter((each) => meansAlert(each, alert, facts.checks))
    .toSorted(byEnd)
    .at(-1);
  if (silence)
    return {
      by: "silence",
      id: silence.id,
      words: `Silenced until ${silence.until ? momentOf(silence.until) : "it resolves"} by ${silence.by}: ${silence.reason}`,
      until: silence.until,
    };
  const window = facts.windows
    .filter((each) => meansAlert(each, alert, facts.checks))
    .toSorted(byEnd)
    .at(-1);
  if (window)
    return {
      by: "maintenance",
      id: window.id,
      words: `Maintenance window “${window.name}” until ${momentOf(window.until)}.`,
      until: window.until,
    };
  const inhibitor = facts.inhibitors.find((each) => explains(each, alert, facts.checks));
  return inhibitor
    ? { by: "inhibition", id: inhibitor.incidentId, words: `Follows from: ${inhibitor.title}`, until: null }
    : null;
}

/**
 * What keeps an incident from being told: nothing while one of its alerts that fire is not hushed. Of several hushes the
 * one that ends first, since it is told then.
 */
export function hushOfAll(firing: readonly JudgedAlert[], facts: OverlayFacts): Hush | null {
  const hushes = firing.map((alert) => hushOf(alert, facts));
  if (hushes.length === 0 || hushes.some((hush) => hush === null)) return null;
  const [first] = (hushes as Hush[]).toSorted(byEnd);
  return first ?? null;
}

/**
 * A target that is down explains what has to ask it. Another check explains those it covers, about the same object and
 * when no less grave. A guarded check's alert is explained by a guarded one alone: whoever may silence the explanation
 * could hide it otherwise.
 */
function explains(
  by: Inhibitor,
  { labels, objectKey, severity }: JudgedAlert,
  checks: OverlayFacts["checks"],
): boolean {
  if (by.target !== labels.target || by.checkId === labels.check) return false;
  const [cause, own] = [checks.get(by.checkId), checks.get(labels.check)];
  if (own?.guarded && !cause?.guarded) return false;
  if (cause?.outage) return !own?.whileDown;
  return (
    by.objectKey === objectKey &&
    severityRank(by.severity) >= severityRank(severity) &&
    (cause?.covers?.includes(labels.check) ?? false)
  );
}

/** What ends first, first; without an end last. */
const byEnd = (a: { until: Date | null }, b: { until: Date | null }): number =>
  (a.until?.getTime() ?? Number.POSITIVE_INFINITY) - (b.until?.getTime() ?? Number.POSITIVE_INFINITY) || 0;

const momentOf = (at: Date): string => `${momentInWords(at.toISOString())} UTC`;
