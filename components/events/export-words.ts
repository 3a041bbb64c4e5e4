import { formatInstant, type TimeZone } from "@/lib/client/format-time.ts";
import { rangeLabels } from "@/lib/client/ranges.ts";
import type { RangeValue } from "@/lib/client/url-state.ts";
import { type EventFilter, typedFilters } from "./events-input.ts";

const names = {
  actor: "actor",
  about: "target",
  organization: "organisation",
  action: "action",
  correlation: "correlation id",
  policy: "policy",
  text: "text",
} as const;

/** What an export would hold, in words: "Every event of the last 24 hours with organisation org-3, status success". */
export function exportedWords(range: RangeValue, filter: EventFilter, zone: TimeZone): string {
  const when =
    "range" in range
      ? `of the ${rangeLabels[range.range].toLowerCase()}`
      : `from ${formatInstant(range.from, zone)} to ${formatInstant(range.to, zone)}`;
  const narrowed = [
    ...typedFilters.map((name) => filter[name].trim() && `${names[name]} ${filter[name].trim()}`),
    filter.status && `status ${filter.status}`,
    filter.classification && `class ${filter.classification}`,
  ].filter(Boolean);
  return `Every event ${when}${narrowed.length > 0 ? ` with ${narrowed.join(", ")}` : ""}`;
}
