import { QueryClient } from "@tanstack/react-query";

/** Reads younger than this are not asked again when a panel mounts. */
export const freshMs = 1_500;

/** The browser's (or one server render's) cache of reads. Polling is the refresh clock's, never a query's own. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        gcTime: 10 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: true,
        networkMode: "always",
      },
      mutations: { networkMode: "always", retry: false },
      dehydrate: {
        // Reads still under way travel as promises, so that the frame need not wait for figures.
        shouldDehydrateQuery: (query) => query.state.status === "success" || query.state.status === "pending",
      },
    },
  });
}
