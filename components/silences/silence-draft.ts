import type { AdminInput } from "@/lib/admin.ts";
import type { Matcher } from "@/lib/alerting/matcher.ts";
import type { TimeZone } from "@/lib/client/format-time.ts";
import { fromInputValue } from "@/lib/client/input-time.ts";

/** A condition while it is written; `key` tells rows apart. */
export type DraftMatcher = Matcher & { key: number };

export type End = "60" | "240" | "1440" | "10080" | "at" | "resolved";

export interface SilenceDraft {
  /** `*`: every target. */
  target: string;
  matchers: readonly DraftMatcher[];
  reason: string;
  end: End;
  /** As the field holds it, for `at`. */
  at: string;
  guarded: boolean;
}

export const endOptions: readonly (readonly [End, string])[] = [
  ["60", "in an hour"],
  ["240", "in 4 hours"],
  ["1440", "in a day"],
  ["10080", "in a week"],
  ["at", "at a time"],
];

/** What guards is silenced for a day at most, from whenever it is approved. */
export const guardedEnds: readonly End[] = ["60", "240", "1440"];

/** Conditions without the row's key. */
export const matchersOf = (rows: readonly DraftMatcher[]): Matcher[] =>
  rows.map(({ label, is, value }) => ({ label, is, value: value.trim() }));

/** Whether every condition has a value: one without would mean alerts that lack the label. */
export const isWritten = (rows: readonly DraftMatcher[]): boolean =>
  rows.every(({ value }) => value.trim() !== "");

/** What the verb is asked for; null while something is missing. */
export function silenceOf(
  draft: SilenceDraft,
  incident: { id: string } | null,
  zone: TimeZone,
): AdminInput<"createSilence"> | null {
  const { target, matchers, reason, end, at } = draft;
  if (!isWritten(matchers) || reason.trim() === "") return null;
  const about = {
    ...{ target, matchers: matchersOf(matchers), reason: reason.trim() },
    ...(incident && { incident: incident.id }),
  };
  if (end === "resolved") return incident ? { ...about, untilResolved: true } : null;
  if (end !== "at") return { ...about, minutes: Number(end) };
  const endsAt = fromInputValue(at, zone);
  return endsAt ? { ...about, endsAt } : null;
}

/** The same of one that a second administrator agrees on. */
export function guardedSilenceOf(
  draft: SilenceDraft,
  incident: { id: string } | null,
  zone: TimeZone,
): AdminInput<"createGuardedSilence"> | null {
  if (!guardedEnds.includes(draft.end)) return null;
  const { target, matchers, reason } = draft;
  return (
    silenceOf(draft, incident, zone) && {
      ...{ target, matchers: matchersOf(matchers), reason: reason.trim(), minutes: Number(draft.end) },
      ...(incident && { incident: incident.id }),
    }
  );
}
