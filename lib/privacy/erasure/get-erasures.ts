import { inArray } from "drizzle-orm";
import type { ErasureState } from "../../../drizzle/console/schema/privacy.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

/** An erasure as it stands: of which policy, never of whom. */
export interface Erasure {
  id: string;
  /** `?`: what waits in quarantine under policies that the target does not know. */
  policy: string;
  state: ErasureState;
  /** ISO 8601: the day its floor ends; null where none is waited for. */
  dueAt: string | null;
  /** What keeps it back. */
  holds: { id: string; number: number; name: string }[];
  restricted: boolean;
  /** Whether its events wait in quarantine. */
  quarantined: boolean;
  requestedBy: string;
  requestedAt: string;
  destroyedAt: string | null;
  /** Entry of the privacy ledger, once the key is destroyed. */
  entry: number | null;
  jobId: string | null;
}

export interface ErasuresAsked {
  target: string;
  /** `open`: all that are not destroyed. */
  show: "open" | "destroyed";
  limit: number;
}

/** Erasures on a target, newest first. */
export async function getErasures(
  { sql, db }: Pick<ConsoleDb, "sql" | "db">,
  { target, show, limit }: ErasuresAsked,
): Promise<Erasure[]> {
  const rows = await sql<(Omit<Erasure, "holds" | "restricted" | "quarantined"> & { heldBy: string[] })[]>`
    select id, policy, state, due_at as "dueAt", held_by as "heldBy", requested_by_name as "requestedBy",
           requested_at as "requestedAt", destroyed_at as "destroyedAt", entry::int as entry, job_id as "jobId"
    from erasure where target = ${target} and (state = 'destroyed') = ${show === "destroyed"}
    order by requested_at desc, id desc limit ${limit}`;
  const { legalHold } = schema;
  const ids = [...new Set(rows.flatMap(({ heldBy }) => heldBy))].filter((id) => id.includes("-"));
  const holds =
    ids.length === 0
      ? []
      : await db
          .select({ id: legalHold.id, number: legalHold.number, name: legalHold.name })
          .from(legalHold)
          .where(inArray(legalHold.id, ids));
  const text = (at: string | null) => (at === null ? null : new Date(at).toISOString());
  return rows.map(({ heldBy, dueAt, requestedAt, destroyedAt, ...row }) => ({
    ...row,
    dueAt: text(dueAt),
    requestedAt: new Date(requestedAt).toISOString(),
    destroyedAt: text(destroyedAt),
    holds: holds.filter(({ id }) => heldBy.includes(id)),
    restricted: heldBy.includes("restriction"),
    quarantined: heldBy.includes("quarantine"),
  }));
}
