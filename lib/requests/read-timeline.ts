import { eq, sql } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { RequestEventKind, RequestTimelineEntry } from "./types.ts";

/** What happened to a request, in order. Texts stay sealed: `viewRequestPerson` opens them, on record. */
export async function readTimeline(db: Queryable, requestId: string): Promise<RequestTimelineEntry[]> {
  const { requestEvent } = schema;
  const rows = await db
    .select()
    .from(requestEvent)
    .where(eq(requestEvent.requestId, requestId))
    // What happened stands before where it led.
    .orderBy(requestEvent.at, sql`${requestEvent.kind} = 'moved'`, requestEvent.id);
  return rows.map((row) => ({
    id: row.id,
    at: row.at.toISOString(),
    kind: row.kind as RequestEventKind,
    from: row.fromState,
    to: row.toState,
    by: row.actorName,
    role: row.actorRole,
    facts: row.facts as Record<string, unknown>,
    typed: row.sealed !== null,
  }));
}
