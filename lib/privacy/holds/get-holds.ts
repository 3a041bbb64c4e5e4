import { and, desc, eq, inArray, lt, ne } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { unsettled } from "../../holds/find-awaited.ts";
import type { HoldScope } from "../../holds/hold-scope.ts";
import type { Hold } from "../types.ts";
import { type HoldRow, requireHold } from "./find-hold.ts";

export const holdFilters = ["standing", "placing", "in_force", "released", "all"] as const;
export type HoldFilter = (typeof holdFilters)[number];

export interface HoldsAsked {
  /** `standing`: all that were not released. */
  state: HoldFilter;
  limit: number;
  /** Only those with a smaller number. */
  before?: number | undefined;
}

/** Holds, newest first, each with the destructions that it still waits for. */
export async function getHolds(db: Queryable, { state, limit, before }: HoldsAsked): Promise<Hold[]> {
  const { legalHold } = schema;
  const rows = await db
    .select()
    .from(legalHold)
    .where(and(stateIs(state), before === undefined ? undefined : lt(legalHold.number, before)))
    .orderBy(desc(legalHold.number))
    .limit(limit);
  return withAwaited(db, rows);
}

/** One of them by its number or id. @throws AppError NOT_FOUND */
export async function getHold(db: Queryable, hold: number | string): Promise<Hold> {
  const [found] = await withAwaited(db, [await requireHold(db, hold)]);
  if (!found) throw new Error("a hold that was read is gone");
  return found;
}

function stateIs(state: HoldFilter) {
  const { legalHold } = schema;
  if (state === "all") return undefined;
  return state === "standing" ? ne(legalHold.state, "released") : eq(legalHold.state, state);
}

async function withAwaited(db: Queryable, rows: readonly HoldRow[]): Promise<Hold[]> {
  const { effect } = schema;
  const awaited = rows.flatMap(({ state, awaits }) => (state === "placing" ? awaits : []));
  const open =
    awaited.length === 0
      ? []
      : await db
          .select({
            id: effect.id,
            action: effect.action,
            target: effect.target,
            intendedAt: effect.intendedAt,
          })
          .from(effect)
          .where(and(inArray(effect.id, awaited), inArray(effect.state, unsettled)));
  const byId = new Map(open.map((one) => [one.id, { ...one, intendedAt: one.intendedAt.toISOString() }]));
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    version: row.version,
    name: row.name,
    reason: row.reason,
    scope: row.scope as HoldScope,
    person: row.subject !== null,
    state: row.state,
    awaits: row.state === "placing" ? row.awaits.flatMap((id) => byId.get(id) ?? []) : [],
    placedBy: row.placedByName,
    placedAt: row.placedAt.toISOString(),
    inForceAt: row.inForceAt?.toISOString() ?? null,
    releasedBy: row.releasedByName,
    releasedAt: row.releasedAt?.toISOString() ?? null,
    releaseReason: row.releaseReason,
  }));
}
