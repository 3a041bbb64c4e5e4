import { AppError } from "../errors.ts";
import type { AuditDb } from "./types.ts";

/**
 * Long work on a target, which ends as soon as the target is known to be down: a frozen server answers no statement, however
 * long it may take.
 * @param work given a signal that aborts then, for the statements it waits for
 * @throws AppError UNAVAILABLE with why it is down; what `work` threw
 */
export async function whileUp<T>(
  audit: Pick<AuditDb, "onStatus" | "status" | "target">,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const look = ({ state, reason, since } = audit.status()) => {
    if (state === "down")
      gone.abort(
        new AppError("UNAVAILABLE", `${audit.target} is unreachable: ${reason ?? "it does not answer"}.`, { since }),
      );
  };
  const unlisten = audit.onStatus(look);
  try {
    return await work(gone.signal);
  } finally {
    unlisten();
  }
}
