import { and, asc, eq } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { ChannelKind } from "./kinds.ts";

/** What one channel was last told of an incident. */
export interface IncidentTelling {
  channel: { id: string; name: string; kind: ChannelKind; enabled: boolean };
  told: "firing" | "resolved";
  toldAt: Date;
  /** What still waits to get there, and what it answered last. */
  waiting: { attempts: number; answer: string | null } | null;
  /** Why people are not told of it on the other side, e.g. a silence in Alertmanager. */
  silencedThere: { since: Date; words: string } | null;
}

/** @throws AppError NOT_FOUND, also for an incident of a target that the actor may not see */
export async function getIncidentTellings(
  { db }: Pick<ConsoleDb, "db">,
  actor: Actor,
  id: string,
): Promise<IncidentTelling[]> {
  const { incident, tellingThread: thread, channel, delivery } = schema;
  const [found] = await db.select({ target: incident.target }).from(incident).where(eq(incident.id, id));
  if (!found || (actor.targets && !actor.targets.includes(found.target)))
    throw new AppError("NOT_FOUND", "There is no such incident.");
  const [rows, waiting] = await Promise.all([
    db
      .select({ thread, channel })
      .from(thread)
      .innerJoin(channel, eq(channel.id, thread.channelId))
      .where(eq(thread.incidentId, id))
      .orderBy(channel.name),
    db
      .select()
      .from(delivery)
      .where(and(eq(delivery.incidentId, id), eq(delivery.state, "pending")))
      .orderBy(asc(delivery.number)),
  ]);
  return rows.map(({ thread: row, channel: { id: channelId, name, kind, enabled } }) => {
    const first = waiting.find((one) => one.channelId === channelId);
    return {
      channel: { id: channelId, name, kind, enabled },
      told: row.told,
      toldAt: row.toldAt,
      waiting: first ? { attempts: first.attempts, answer: first.answer } : null,
      silencedThere: row.silencedThere && {
        since: new Date(row.silencedThere.since),
        words: row.silencedThere.words,
      },
    };
  });
}
