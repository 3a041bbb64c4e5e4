"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type ActivityFilter, type ActivityKind, activityKinds, outcomes } from "./activity-input.ts";

const parsers = {
  kind: parseAsStringLiteral(Object.keys(activityKinds) as ActivityKind[]),
  outcome: parseAsStringLiteral(outcomes),
  text: parseAsString.withDefault(""),
  before: parseAsString,
};

/** The log's filter and page, from the URL (`kind`, `outcome`, `q`, `before`); a new filter begins at the newest. */
export function useActivityFilter() {
  const [filter, setFilter] = useQueryStates(parsers, { urlKeys: { text: "q" }, history: "push" });
  return {
    filter: filter satisfies ActivityFilter,
    change: (next: Partial<Omit<ActivityFilter, "before">>) => void setFilter({ ...next, before: null }),
    turnTo: (before: string | null) => void setFilter({ before }),
  };
}
