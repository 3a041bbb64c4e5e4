import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { requirePageActor } from "@/app/session";
import { createQueryClient } from "@/lib/client/query-client";
import { type ReadInput, type ReadName, readKey } from "@/lib/client/reads";
import { runRead } from "@/lib/run-read";

/** One read and its input, exactly as the panel's `useRead` gives it; anything else is fetched twice. */
export type PrefetchedRead = { [N in ReadName]: readonly [name: N, input: ReadInput<N>] }[ReadName];

interface PrefetchProps {
  target: string;
  reads: readonly PrefetchedRead[];
  children: ReactNode;
}

/**
 * Starts a page's reads on the server without waiting for them: the frame paints at once, each answer follows in
 * the same response, and the panels' `useRead` find them instead of asking anew.
 *
 *     <Prefetch target={target} reads={[["connectionsNow", {}], ["connectionsHistory", rangeOfSearch(search)]]}>
 */
export async function Prefetch({ target, reads, children }: PrefetchProps) {
  const actor = await requirePageActor();
  const client = createQueryClient();
  for (const [name, input] of reads) {
    void client
      .query({
        queryKey: readKey(target, name, input),
        queryFn: () => runRead(actor, { name, target, input }),
      })
      .catch(() => undefined);
  }
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
