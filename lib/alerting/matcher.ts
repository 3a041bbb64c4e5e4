import { z } from "zod";
import { textInput } from "../inputs.ts";
import { type Labels, labelNames } from "./labels.ts";

/** `~` and `!~`: `*` stands for any text. */
export const matcherOperators = ["=", "!=", "~", "!~"] as const;

/** One condition on a label, e.g. `{label: "check", is: "~", value: "replication.*"}`. */
export const matcherInput = z.strictObject({
  label: z.enum(labelNames),
  is: z.enum(matcherOperators),
  value: textInput(200),
});
export type Matcher = z.infer<typeof matcherInput>;

/** All of them must hold. */
export const matchersInput = z.array(matcherInput).max(20);

/** Whether every matcher holds; none at all matches everything. */
export function matches(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ label, is, value }) => {
    const text = labels[label];
    const hit = is.endsWith("~") ? isLike(text, value) : text === value;
    return is.startsWith("!") ? !hit : hit;
  });
}

/** `*` stands for any text; in time linear in the text for each part of the pattern. */
function isLike(text: string, pattern: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return text === head;
  if (!text.startsWith(head)) return false;
  const tail = rest.pop() ?? "";
  let from = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - from >= tail.length && text.endsWith(tail);
}

/** As people write it: `check~replication.* severity=critical`. */
export function matchersInWords(matchers: readonly Matcher[]): string {
  return matchers.length === 0
    ? "everything"
    : matchers.map(({ label, is, value }) => `${label}${is}${quoted(value)}`).join(" ");
}

/** As it stands, unless a blank or a quote would tear it apart. */
function quoted(value: string): string {
  return /[\s"]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value;
}
