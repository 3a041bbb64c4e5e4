import type { Sql } from "postgres";
import type { AuditDb } from "../../audit-db/types.ts";
import type { RequestDecision } from "../types.ts";
import { isRefused } from "./ask-of-request.ts";

const dayMs = 86_400_000;

/** Events of a target and policy that may be redacted: all that are older. */
export interface FreePlace {
  target: string;
  policy: string;
  floorDays: number | null;
  /** Occurred then or before; null: their floor is not known. */
  freeUntil: Date | null;
}

/**
 * Where a scope found events in clear and what of them is free, by the floors of now. What was refused is left out; a policy
 * under which the person has no event of their own is no part of a decision, and nothing else keeps it.
 * @throws AppError while a target cannot be asked
 */
export async function findFreePlaces(
  sql: Sql,
  scope: string | null,
  decision: unknown,
  openTarget: (name: string) => Pick<AuditDb, "use">,
  at: Date,
): Promise<FreePlace[]> {
  const { parts = [] } = (decision ?? {}) as Partial<RequestDecision>;
  const places = await sql<{ target: string; policy: string }[]>`
    select target, policy from privacy_request_clear where scope_id = ${scope} and done_at is null
    group by target, policy order by target, policy`;
  const floors = new Map<string, Map<string, number>>();
  const free: FreePlace[] = [];
  for (const { target, policy } of places) {
    if (isRefused(parts, target, policy)) continue;
    const known = floors.get(target) ?? (await readFloors(openTarget(target)));
    floors.set(target, known);
    const floorDays = known.get(policy) ?? null;
    const freeUntil = floorDays === null ? null : new Date(at.getTime() - floorDays * dayMs);
    free.push({ target, policy, floorDays, freeUntil });
  }
  return free;
}

async function readFloors(audit: Pick<AuditDb, "use">): Promise<Map<string, number>> {
  const rows = await audit.use(
    "read",
    "requests.floors",
    (sql) => sql<{ name: string; days: number }[]>`
      select name, floor_days as days from public.retention_policy`,
  );
  return new Map(rows.map(({ name, days }) => [name, days]));
}
