import type { LabelName } from "../alerting/labels.ts";
import { parseMatchers } from "../alerting/parse-matchers.ts";
import { AppError } from "../errors.ts";

/** Labels of an alert that is thought of, as `check=replication.lag target=audit`. @throws AppError BAD_INPUT */
export function parseLabels(text: string): Partial<Record<LabelName, string>> {
  const given = parseMatchers(text);
  const other = given.find(({ is }) => is !== "=");
  if (other)
    throw new AppError(
      "BAD_INPUT",
      `An alert has labels, no conditions: write ${other.label}=${other.value}.`,
    );
  return Object.fromEntries(given.map(({ label, value }) => [label, value]));
}
