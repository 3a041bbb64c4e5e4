import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { AppError } from "../errors.ts";

/** Who runs exports, by target. Routes and pages have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardExports?: Map<string, string[]> };

const retryAfterSeconds = 30;

/** How many connections of one process read events of a target. */
export function readConnections(audit: Pick<AuditDb, "stats">): number {
  return audit.stats().pools.find(({ purpose }) => purpose === "read")?.max ?? 2;
}

/** How many exports of a target run in this process now. */
export function runningExports(target: string): number {
  return held.auditDashboardExports?.get(target)?.length ?? 0;
}

/**
 * One of the target's places for exports, until the answered function is called. There are half as many as read
 * connections, so that searches find the others; one person has half of the places at most.
 * @throws AppError RATE_LIMITED, OVERLOADED
 */
export function takeExportPlace(
  audit: Pick<AuditDb, "stats" | "target">,
  actor: Pick<Actor, "kind" | "id">,
): () => void {
  held.auditDashboardExports ??= new Map();
  const { target } = audit;
  const running = held.auditDashboardExports.get(target) ?? [];
  held.auditDashboardExports.set(target, running);
  const most = Math.max(1, Math.floor(readConnections(audit) / 2));
  const mostOfOne = Math.ceil(most / 2);
  const person = `${actor.kind} ${actor.id}`;
  const own = running.filter((one) => one === person).length;
  if (running.length >= most)
    throw new AppError("OVERLOADED", alreadyRun(running.length, `of ${target}`), {
      hint: `At most ${most} run at a time, so that searches still find a connection. Try again when one has ended.`,
      retryAfterSeconds,
    });
  if (own >= mostOfOne)
    throw new AppError("RATE_LIMITED", alreadyRun(own, "of yours"), {
      hint: `At most ${mostOfOne} of one person or token run at a time. Try again when it has ended.`,
      retryAfterSeconds,
    });
  running.push(person);
  let free = false;
  return () => {
    if (free) return;
    free = true;
    running.splice(running.indexOf(person), 1);
  };
}

function alreadyRun(count: number, whose: string): string {
  return count === 1 ? `1 export ${whose} already runs here.` : `${count} exports ${whose} already run here.`;
}
