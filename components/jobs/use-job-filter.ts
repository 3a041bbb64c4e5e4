"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { emptyFilter, endedStates, type JobFilter, jobScopes } from "./jobs-input.ts";

const parsers = {
  state: parseAsStringLiteral(endedStates),
  name: parseAsString,
  person: parseAsString.withDefault(""),
  scope: parseAsStringLiteral(jobScopes).withDefault("here"),
  before: parseAsString,
};

/** The list's filter and page, from the URL (`state`, `kind`, `q`, `scope`, `before`); a new filter begins at the newest. */
export function useJobFilter() {
  const [filter, setFilter] = useQueryStates(parsers, {
    urlKeys: { name: "kind", person: "q" },
    history: "push",
  });
  return {
    filter: filter satisfies JobFilter,
    change: (next: Partial<Omit<JobFilter, "before">>) => void setFilter({ ...next, before: null }),
    clear: () => void setFilter({ ...emptyFilter, before: null }),
    turnTo: (before: string | null) => void setFilter({ before }),
  };
}

/** The job whose sheet is open, from the URL. */
export function useOpenJob() {
  const [openId, open] = useOpenSheet("job", parseAsString);
  return { openId, open };
}

/** The schedule whose sheet is open, from the URL. */
export function useOpenSchedule() {
  const [openName, open] = useOpenSheet("schedule", parseAsString);
  return { openName, open };
}
