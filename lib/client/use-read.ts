"use client";

/**
 * How panels read.
 *
 *     const connections = useRead("connectionsByState", { ...range.input });
 *     <Panel title="Connections" read={connections}>{(data) => …}</Panel>
 *
 * All reads of one tick travel as one request. Polling follows the page's refresh interval (lib/client/refresh-clock);
 * while a new range loads, the figures of the old one stay; after a failure the last good figures stay, with `error`.
 * `aged` says that they are no longer of now, whoever failed: the target, the console or the way to it.
 */
import { useQuery } from "@tanstack/react-query";
import { unstable_isUnrecognizedActionError } from "next/navigation";
import { useCallback } from "react";
import { readMany } from "@/app/actions/read";
import type { Observed, ReadResult, ResultError } from "../result.ts";
import { type Aged, lifeMs, useOutlived } from "./aged.ts";
import { notices } from "./notices.ts";
import { createReadBatch } from "./read-batch.ts";
import {
  ReadError,
  type ReadInput,
  type ReadKey,
  type ReadName,
  type ReadOutput,
  readKey,
  toReadFailure,
} from "./reads.ts";
import { leaveToSignIn } from "./session-end.ts";
import { useRefresh } from "./url-state.ts";
import { useHydrated } from "./use-hydrated.ts";
import { useTargetOrNull } from "./use-target.ts";

export interface ReadState<T> {
  /** The last good figures, undefined until the first. */
  data: T | undefined;
  /** The same with when and where they were read. */
  observed: Observed<T> | undefined;
  /** Why the newest try failed; null when it did not. */
  error: ResultError | null;
  /** Set while `data` is the last known: the newest try failed, or three refreshes passed without an answer. */
  aged: Aged | null;
  /** Nothing to show yet and nothing failed. */
  loading: boolean;
  /** A request is under way. */
  refreshing: boolean;
  /** `data` belongs to the input before the present one. */
  previous: boolean;
  /** When the newest try failed first, browser clock. */
  failedAt: Date | null;
  refetch: () => void;
}

export interface UseReadOptions {
  /** Target; the page's own when left out. Reads that concern no target need none. */
  target?: string;
  /** false asks nothing (a closed sheet, a missing choice). */
  enabled?: boolean;
  /** false leaves this read out of polling (plans, schemas). */
  polled?: boolean;
}

const read = createReadBatch(readMany);

/** A little under the refresh interval: an answer another viewer got within it will do, one's own last never. */
const sharedAge = 0.95;

async function ask(key: ReadKey, maxAgeMs: number): Promise<Extract<ReadResult<unknown>, { ok: true }>> {
  const [, target, name, input] = key;
  let result: ReadResult<unknown>;
  try {
    result = await read({ name, target, input, maxAgeMs });
  } catch (thrown) {
    if (unstable_isUnrecognizedActionError(thrown)) notices.reload();
    if (toReadFailure(thrown).code === "UNAUTHENTICATED") leaveToSignIn();
    throw thrown;
  }
  if (result.ok) return result;
  if (result.error.code === "UNAUTHENTICATED") leaveToSignIn();
  throw new ReadError(result.error);
}

export function useRead<N extends ReadName>(
  name: N,
  input: ReadInput<N>,
  options: UseReadOptions = {},
): ReadState<ReadOutput<N>> {
  const pageTarget = useTargetOrNull();
  const target = options.target ?? pageTarget ?? "";
  const { seconds } = useRefresh();
  const maxAgeMs = options.polled === false ? 0 : (seconds ?? 0) * 1_000 * sharedAge;
  const query = useQuery<ReadResult<ReadOutput<N>>, Error, ReadResult<ReadOutput<N>>, ReadKey>({
    queryKey: readKey(target, name, input),
    queryFn: ({ queryKey }) => ask(queryKey, maxAgeMs) as Promise<ReadResult<ReadOutput<N>>>,
    enabled: options.enabled !== false,
    meta: { polled: options.polled !== false },
    // Another target's figures must never stand under this one's name.
    placeholderData: (last, lastQuery) => (lastQuery?.queryKey[1] === target ? last : undefined),
  });
  // A prefetched answer may arrive between the server's rendering and hydration: both must draw the same.
  const answer = useHydrated() ? query.data : undefined;
  const observed = answer?.ok ? answer : undefined;
  const prefetchError = answer && !answer.ok ? answer.error : null;
  const error = query.error ? toReadFailure(query.error) : prefetchError;
  const outlived = useOutlived(
    query.dataUpdatedAt,
    options.polled === false ? Number.POSITIVE_INFINITY : lifeMs(seconds),
  );
  const { refetch } = query;
  return {
    data: observed?.data,
    observed,
    error,
    aged: observed ? agedOf(observed, error, outlived) : null,
    loading: !observed && !error && options.enabled !== false,
    // Who does not ask for it is not drawn anew when a request leaves: with it every panel was drawn twice a refresh.
    get refreshing() {
      return query.isFetching;
    },
    previous: query.isPlaceholderData,
    failedAt: error ? new Date(query.errorUpdatedAt || query.dataUpdatedAt) : null,
    refetch: useCallback(() => void refetch(), [refetch]),
  };
}

function agedOf({ observedAt, stale }: Observed<unknown>, error: ResultError | null, outlived: boolean) {
  const reason = error?.message ?? stale?.reason ?? (outlived ? "The console does not answer." : null);
  return reason === null ? null : { at: observedAt, reason };
}
