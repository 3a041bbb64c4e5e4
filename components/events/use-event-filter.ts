import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { classifications, type EventFilter, emptyFilter, statuses } from "./events-input.ts";

const text = parseAsString.withDefault("");
const parsers = {
  actor: text,
  about: text,
  organization: text,
  action: text,
  correlation: text,
  policy: text,
  text,
  status: parseAsStringLiteral(statuses),
  classification: parseAsStringLiteral(classifications),
  before: parseAsString,
};

/** Filter, page and open event, from the URL; a new filter begins at the newest. */
export function useEventFilter() {
  const [filter, setState] = useQueryStates(parsers, {
    urlKeys: { classification: "class" },
    history: "push",
  });
  const [openKey, open] = useOpenSheet("event", parseAsString);
  return {
    filter: filter satisfies EventFilter,
    openKey,
    open,
    change: (next: Partial<Omit<EventFilter, "before">>) => void setState({ ...next, before: null }),
    clear: () => void setState({ ...emptyFilter, before: null }),
    turnTo: (before: string | null) => void setState({ before }),
  };
}
