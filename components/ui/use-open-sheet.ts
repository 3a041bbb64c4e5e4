"use client";

/**
 * What stands in a sheet, from the URL. Opening makes an entry of the browser's history, so that Back closes the sheet;
 * the rows before and after take its place; closing goes back over it, so that no dead entry stays. A page that was
 * opened by a link to its sheet has no entry below: closing takes the sheet out of the address alone.
 *
 *     const [pid, select] = useOpenSheet("session", parseAsInteger);
 */
import { type SingleParser, type UseQueryStatesKeysMap, useQueryStates, type Values } from "nuqs";

/** Key in `history.state`: the address below the entry that a sheet made. */
const belowKey = "auditDbBelowSheet";

let goingBack = false;

/** As `useOpenSheet`, for what takes several parameters to name; null unless all of them stand there. */
export function useOpenSheetOf<K extends UseQueryStatesKeysMap>(
  parsers: K,
): [Values<K> | null, (next: Partial<Values<K>> | null) => void] {
  const [values, setValues] = useQueryStates(parsers);
  const keys = Object.keys(parsers);
  const open = keys.every((key) => values[key] !== null) ? values : null;
  function show(next: Partial<Values<K>> | null) {
    const below = addressWithout(keys);
    if (next === null) {
      if (window.history.state?.[belowKey] === below) goBack();
      else void setValues(null, { history: "replace" });
      return;
    }
    const opens = open === null;
    const mark = opens ? below : window.history.state?.[belowKey];
    void setValues(next, { history: opens ? "push" : "replace" }).then(() => {
      // Writing the address leaves nothing of ours in the entry's state.
      if (mark) window.history.replaceState({ ...window.history.state, [belowKey]: mark }, "");
    });
  }
  return [open, show];
}

export function useOpenSheet<T>(
  param: string,
  parser: SingleParser<T>,
): [T | null, (next: T | null) => void] {
  const [open, show] = useOpenSheetOf({ [param]: parser });
  const value = open?.[param] as T | undefined;
  return [value ?? null, (next) => show(next === null ? null : { [param]: next })];
}

/** The address of the page without the sheet, in one spelling. */
function addressWithout(keys: readonly string[]): string {
  const search = new URLSearchParams(window.location.search);
  for (const key of keys) search.delete(key);
  search.sort();
  return `${window.location.pathname}?${search}`;
}

/** Once, however often somebody asks before the browser has gone: a second step would leave the page. */
function goBack() {
  if (goingBack) return;
  goingBack = true;
  window.addEventListener("popstate", () => (goingBack = false), { once: true });
  window.history.back();
}
