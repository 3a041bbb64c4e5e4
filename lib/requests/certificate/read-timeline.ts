import { eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { personToken } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import type { RequestRow } from "../read-request.ts";
import type { Statement } from "./statement.ts";

/** What of a line's facts is told: codes and counts, never what came from people or other systems. */
const toldFacts = [
  "command",
  "step",
  "target",
  "policy",
  "entry",
  "keys",
  "method",
  "result",
  "ground",
  "channel",
  "events",
  "redacted",
  "destroyed",
  "missing",
  "code",
  "earlier",
] as const;

/** `remains`: null where a line says nothing of it. */
export type TimelineLine = Statement["timeline"][number] & { remains: Statement["remains"] | null };

/** What happened to a request: codes and counts. */
export async function readTimeline(db: Queryable, { id }: RequestRow): Promise<TimelineLine[]> {
  const { requestEvent: event } = schema;
  const rows = await db.select().from(event).where(eq(event.requestId, id)).orderBy(event.at, event.id);
  return rows.map(({ at, kind, fromState, toState, actorRole, actorId, facts: all }) => {
    const given = all as Record<string, unknown>;
    const facts: TimelineLine["facts"] = {};
    for (const name of toldFacts) {
      const value = given[name];
      if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
        facts[name] = value;
    }
    return {
      ...{ at: at.toISOString(), kind, from: fromState, to: toState, role: actorRole, facts },
      by: actorId && personToken(actorId),
      remains: (given.remains ?? null) as Statement["remains"] | null,
    };
  });
}
