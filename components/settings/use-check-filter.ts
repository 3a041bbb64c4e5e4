"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useOpenSheetOf } from "@/components/ui/use-open-sheet.ts";
import { type CheckFilter, shownStates } from "./check-rows.ts";

const parsers = {
  state: parseAsStringLiteral(shownStates),
  target: parseAsString,
  topic: parseAsString,
};
const sheetParsers = { check: parseAsString, on: parseAsString };

/**
 * The page's filter (`state`, `of`, `topic`) and the check that is open (`check` on the target `on`), from the URL. The
 * table keeps its own text filter there.
 */
export function useCheckFilter() {
  const [filter, set] = useQueryStates(parsers, {
    urlKeys: { target: "of" },
    history: "push",
  });
  const [open, show] = useOpenSheetOf(sheetParsers);
  return {
    filter: filter satisfies CheckFilter,
    change: (next: Partial<CheckFilter>) => void set(next),
    open: open?.check && open.on ? { check: open.check, target: open.on } : null,
    setOpen: (row: { check: string; target: string } | null) =>
      show(row && { check: row.check, on: row.target }),
  };
}
