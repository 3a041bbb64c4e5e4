import type { RangeValue } from "@/lib/client/url-state.ts";

/** Sessions that the lists show at most. */
const limit = 100;

/** Inputs of the page's reads, one for prefetching and panels, so that both mean the same answer. */
export const connectionInputs = {
  server: (hideOwn: boolean) => ({ hideOwn }),
  waits: (hideOwn: boolean) => ({ hideOwn }),
  transactions: (hideOwn: boolean) => ({ hideOwn, limit }),
  idle: (hideOwn: boolean) => ({ hideOwn, limit }),
  longQueries: () => ({}),
  blockers: () => ({}),
  pools: () => ({}),
  pooler: () => ({}),
  history: (range: RangeValue) => ({ range }),
};

/** Whether a page's search asks to leave the console's own sessions out; as `useOwnQueries` reads it. */
export function hideOwnOfSearch(search: Record<string, string | string[] | undefined>): boolean {
  return search.own !== "show";
}
