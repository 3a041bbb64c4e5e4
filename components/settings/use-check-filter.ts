"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { type CheckFilter, shownStates } from "./check-rows.ts";

const parsers = {
  state: parseAsStringLiteral(shownStates),
  target: parseAsString,
  topic: parseAsString,
  check: parseAsString,
  on: parseAsString,
};

/**
 * The page's filter (`state`, `of`, `topic`) and the check that is open (`check` on the target `on`), from the URL. The
 * table keeps its own text filter there.
 */
export function useCheckFilter() {
  const [{ check, on, ...filter }, set] = useQueryStates(parsers, {
    urlKeys: { target: "of" },
    history: "push",
  });
  return {
    filter: filter satisfies CheckFilter,
    change: (next: Partial<CheckFilter>) => void set(next),
    open: check !== null && on !== null ? { check, target: on } : null,
    setOpen: (row: { check: string; target: string } | null) =>
      void set({ check: row?.check ?? null, on: row?.target ?? null }),
  };
}
