import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";

/** By target. Routes and pages have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardExports?: Map<string, number> };

const retryAfterSeconds = 30;

/** How many exports of a target may run in one process: half its read connections, so that searches find the others. */
export function mostExports(audit: Pick<AuditDb, "stats">): number {
  const reading = audit.stats().pools.find(({ purpose }) => purpose === "read");
  return Math.max(1, Math.floor((reading?.max ?? 2) / 2));
}

/**
 * One of the target's places for exports, until the answered function is called.
 * @throws AppError OVERLOADED
 */
export function takeExportPlace(audit: Pick<AuditDb, "stats" | "target">): () => void {
  held.auditDashboardExports ??= new Map();
  const running = held.auditDashboardExports;
  const { target } = audit;
  const most = mostExports(audit);
  const now = running.get(target) ?? 0;
  if (now >= most)
    throw new AppError(
      "OVERLOADED",
      `${now} export${now === 1 ? "" : "s"} of ${target} already run${now === 1 ? "s" : ""} here.`,
      {
        hint: `At most ${most} run at a time, so that searches still find a connection. Try again when one has ended.`,
        retryAfterSeconds,
      },
    );
  running.set(target, now + 1);
  let free = false;
  return () => {
    if (free) return;
    free = true;
    running.set(target, (running.get(target) ?? 1) - 1);
  };
}
