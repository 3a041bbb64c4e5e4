"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { defaultChoice, mostQueries, type QueryChoice, queryGroups } from "./queries-input.ts";
import { queryOrderNames } from "./query-orders.ts";

const parsers = {
  by: parseAsStringLiteral(queryOrderNames).withDefault(defaultChoice.by),
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault(defaultChoice.dir),
  group: parseAsStringLiteral(queryGroups).withDefault(defaultChoice.group),
  search: parseAsString.withDefault(""),
  limit: parseAsInteger.withDefault(defaultChoice.limit),
};

/** How statements are ranked, grouped and searched, from the URL (`by`, `dir`, `group`, `q`, `limit`). */
export function useQueryChoice(): [QueryChoice, (change: Partial<QueryChoice>) => void] {
  const [choice, setChoice] = useQueryStates(parsers, {
    history: "replace",
    urlKeys: { search: "q" },
  });
  const limit = choice.limit > 0 ? Math.min(choice.limit, mostQueries) : defaultChoice.limit;
  return [{ ...choice, limit }, (change) => void setChoice(change)];
}
