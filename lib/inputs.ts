import { z } from "zod";
import { findTextProblem } from "./audit-db/append/i-json.ts";
import { toMoment } from "./audit-db/append/moment.ts";

/*
 * What callers give, in forms that PostgreSQL can hold as well: a bound value that it refuses is an error of the
 * server's, and would be answered as one of ours.
 */

/** Text of at most `maxLength` UTF-16 units: no NUL, no half of a surrogate pair. */
export const textInput = (maxLength: number) => z.string().max(maxLength).superRefine(checkText);

/** The same without blanks at its ends. */
export const trimmedInput = (maxLength: number) => z.string().trim().max(maxLength).superRefine(checkText);

/** A name of the catalogue's; longer ones PostgreSQL cuts off. */
export const identifierInput = textInput(63).min(1);

/** A target's name, as in `AUDIT_DATABASES`. */
export const targetInput = textInput(40).min(1);

/** An instant as ISO 8601 text with a zone, in the years 1 to 9999; the text stays, with its microseconds. */
export const instantText = (form: { offset: boolean } = { offset: true }) =>
  z.iso
    .datetime({ ...form, error: `must be an ISO 8601 time ${form.offset ? "with a zone" : "in UTC"}` })
    .superRefine(checkMoment);

/** An instant as text or Date; answers a Date. */
export const instantInput = z
  .union([z.date(), z.string()])
  // What is no instant must not reach what compares the ends of a range: a format's failure would let it go on.
  .transform((value, context) => {
    const made = toMoment(value);
    if ("time" in made) return new Date(made.time);
    context.addIssue({ code: "custom", message: made.problem });
    return z.NEVER;
  });

const firstYear = 1900;
const lastYear = 9000;

/** An end of a time range. Reads look at the time before it and round it down, so that years near 1 leave the calendar. */
export const rangeEndInput = instantInput.refine(
  (at) => {
    const year = at.getUTCFullYear();
    return year >= firstYear && year < lastYear;
  },
  `must lie in the years ${firstYear} to ${lastYear - 1}`,
);

/** A 64-bit integer as text, such as a queryid: it exceeds a double. */
export const int8Text = (error: string) => z.string().refine(isInt8, error);

export function isInt8(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** For texts of another make, such as an address. */
export function checkText(value: string, context: z.RefinementCtx): void {
  const message = findTextProblem(value);
  if (message) context.addIssue({ code: "custom", message });
}

function checkMoment(value: string, context: z.RefinementCtx): void {
  const made = toMoment(value);
  if ("problem" in made) context.addIssue({ code: "custom", message: made.problem });
}
