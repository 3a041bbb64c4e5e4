import type { AppendRow } from "./append-rows.ts";
import { leafHexWith } from "./leaf.ts";
import { hasSalt, redactableFields } from "./salts.ts";

/** What a writer sees of the row under an event's key. */
export interface StandingRow {
  /** Lower-case hex; empty where the row is from before leaves existed. */
  leaf: string;
  leafVersion: number;
  salts: Uint8Array | null;
  /** ISO 8601, UTC, microseconds. */
  recordedAt: string;
}

/** An event as it may have been kept: under another key, or before a token took an id's place. */
export type EventForm = Omit<
  AppendRow,
  "recordedAt" | "leafVersion" | "salts" | "leaf" | "isNew" | "former" | "people"
>;

/** How a row is kept now and may have been kept before. */
export function formsOf(row: AppendRow): EventForm[] {
  return [row, ...(row.former ? [{ ...row, ...row.former }] : [])];
}

/**
 * Whether the row under an event's key is that event in one of its forms, recorded by an earlier attempt: the leaf is
 * made of what was given, with the standing row's version, salts and time of recording. A row from before leaves cannot
 * be compared, nor one without the salt of a field that the event has: that was redacted, and the key says which event
 * it is.
 */
export function isSameEvent(forms: readonly EventForm[], standing: StandingRow): boolean {
  if (standing.leaf === "") return true;
  const found = new Set(forms.map((form) => compare(form, standing)));
  if (found.has("same")) return true;
  return found.has("cannot tell") && !found.has("other");
}

function compare(form: EventForm, standing: StandingRow): "same" | "other" | "differs" | "cannot tell" {
  const { salts, leafVersion, recordedAt } = standing;
  const leafMatches = (given: EventForm) =>
    leafHexWith({ ...given, leafVersion, salts, recordedAt }, given.detailsText) === standing.leaf;
  if (leafVersion < 2 || salts === null) return leafMatches(form) ? "same" : "differs";
  const given = { ...form, details: form.detailsText };
  const unsalted = redactableFields.filter((field, slot) => !hasSalt(salts, slot) && given[field] !== null);
  if (redactableFields.some((field, slot) => hasSalt(salts, slot) && given[field] === null)) return "differs";
  if (unsalted.length === 0) return leafMatches(form) ? "same" : "differs";
  if (unsalted.includes("details")) return "cannot tell";
  // The standing field may have been null from the beginning: then the leaf is right without what was given.
  const without = { ...form, ...Object.fromEntries(unsalted.map((field) => [field, null])) };
  return leafMatches(without) ? "other" : "cannot tell";
}
