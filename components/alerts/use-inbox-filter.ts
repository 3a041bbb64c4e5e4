"use client";

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { emptyFilter, type InboxFilter, inboxScopes, inboxStates, severities } from "./inbox-input.ts";

const parsers = {
  state: parseAsStringLiteral(inboxStates).withDefault("open"),
  severity: parseAsStringLiteral(severities),
  check: parseAsString,
  assignee: parseAsString,
  text: parseAsString.withDefault(""),
  scope: parseAsStringLiteral(inboxScopes).withDefault("here"),
  offset: parseAsInteger.withDefault(0),
};

/**
 * The inbox's filter and page, from the URL (`state`, `severity`, `check`, `assignee`, `q`, `scope`, `offset`); a new
 * filter begins at the first page.
 */
export function useInboxFilter() {
  const [filter, setFilter] = useQueryStates(parsers, { urlKeys: { text: "q" }, history: "push" });
  return {
    filter: filter satisfies InboxFilter,
    change: (next: Partial<Omit<InboxFilter, "offset">>) => void setFilter({ ...next, offset: 0 }),
    clear: () => void setFilter({ ...emptyFilter, offset: 0 }),
    turnTo: (offset: number) => void setFilter({ offset }),
  };
}
