import { createFairShare, type FairShare } from "../audit-db/pool/fair-share.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { readConnections, runningExports } from "../audit-log/export-places.ts";
import type { Actor } from "../auth/actor.ts";

/** By target. Routes and pages have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardSearches?: Map<string, FairShare> };

const waitingOfOne = 8;
/** Two searches that take as long as they may. */
const patienceMs = 30_000;

/**
 * Looks through events when it is this person's turn, whichever door they came in by: one person has at most half of what
 * exports leave free of the target's read connections in this process, and one connection stays for looking events up.
 * @throws AppError RATE_LIMITED, OVERLOADED; what `search` threw
 */
export function inTurn<T>(
  audit: Pick<AuditDb, "stats" | "target">,
  actor: Pick<Actor, "kind" | "id">,
  search: () => Promise<T>,
): Promise<T> {
  held.auditDashboardSearches ??= new Map();
  const shares = held.auditDashboardSearches;
  const { target } = audit;
  let share = shares.get(target);
  if (!share) {
    const connections = readConnections(audit);
    const places = () => Math.max(1, connections - 1 - runningExports(target));
    share = createFairShare({ things: "searches", places, lineLimit: waitingOfOne, patienceMs });
    shares.set(target, share);
  }
  return share.run(`${actor.kind} ${actor.id}`, search);
}
