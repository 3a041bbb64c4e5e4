import { once } from "node:events";
import { AppError } from "../errors.ts";
import type { TargetStatus } from "./target-facts.ts";
import type { AuditDb } from "./types.ts";

/**
 * Work on a target that is given up as soon as the target is known to be down: a frozen server answers no statement, however
 * long it may take.
 * @param work given a signal that aborts then, for what it begins later
 * @throws AppError UNAVAILABLE with why it is down; what `work` threw
 */
export async function whileUp<T>(
  audit: Pick<AuditDb, "onStatus" | "status" | "target">,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const ended = new AbortController();
  const look = ({ state, reason, since }: TargetStatus) => {
    const told = `${audit.target} is unreachable: ${reason ?? "it does not answer"}.`;
    if (state === "down") gone.abort(new AppError("UNAVAILABLE", told, { since }));
  };
  look(audit.status());
  gone.signal.throwIfAborted();
  const unlisten = audit.onStatus(look);
  const down = once(gone.signal, "abort", { signal: ended.signal }).then(() => {
    throw gone.signal.reason;
  });
  const working = work(gone.signal);
  for (const one of [down, working]) one.catch(() => {});
  try {
    return await (Promise.race([working, down]) as Promise<T>);
  } finally {
    unlisten();
    ended.abort();
  }
}

/** Whether something did not answer, rather than refused: it may later. */
export function isAway(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && thrown.retryable;
}
