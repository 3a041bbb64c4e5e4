import { and, eq, sql } from "drizzle-orm";
import { insertIncidentEvents } from "../alerting/incident-rows.ts";
import { askDrizzle } from "../alerting/statement.ts";
import type { Db, Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { asSentence } from "../words.ts";
import type { DeliveryKind } from "./kinds.ts";
import type { DeliveryFailure } from "./send/delivery-failure.ts";
import type { Taken } from "./send/sender.ts";

/** A delivery that this process is sending. */
export interface Claimed {
  id: string;
  incidentId: string | null;
  kind: DeliveryKind;
  message: unknown;
  attempts: number;
  createdAt: Date;
  /** Of an attempt before this one that is not known. */
  maybeArrived: boolean;
}

type ChannelRow = typeof schema.channel.$inferSelect;

const triedForMs = 3 * 86_400_000;
const firstPauseMs = 5_000;
const longestPauseMs = 3_600_000;
/** What the other side asks for is honoured up to so long. */
const longestAskedMs = 86_400_000;

/** 5 s, 15 s, 45 s … an hour, a fifth more or less: channels that failed together do not come back together. */
export function pauseMs(attempts: number, random = Math.random()): number {
  const pause = Math.min(firstPauseMs * 3 ** (attempts - 1), longestPauseMs);
  return Math.round(pause * (0.8 + 0.4 * random));
}

export async function settleTaken(
  db: Db,
  channel: ChannelRow,
  claimed: Claimed,
  { answer, silencedThere }: Taken,
  { now, claimMs }: { now: Date; claimMs: number },
): Promise<void> {
  await db.transaction(async (tx) => {
    await settle(tx, claimed, { state: "delivered", settledAt: now, unsettled: false, answer });
    await tx
      .update(schema.channel)
      .set({ failingSince: null, lastError: null, resumeAt: null, deliveredAt: now })
      .where(eq(schema.channel.id, channel.id));
    // What waited behind an outage goes at once; what somebody may be sending, when their claim would be over.
    if (channel.failingSince) {
      const { nextAttemptAt, unsettled, channelId, state } = schema.delivery;
      const unclaimed = new Date(now.getTime() + claimMs).toISOString();
      await tx
        .update(schema.delivery)
        .set({
          nextAttemptAt: sql`case when ${unsettled}
            then least(${nextAttemptAt}, ${unclaimed}::timestamptz) else ${now.toISOString()}::timestamptz end`,
        })
        .where(and(eq(channelId, channel.id), eq(state, "pending")));
    }
    if (silencedThere !== undefined) await noteSilence(tx, channel, claimed, silencedThere, now);
    if (claimed.kind !== "refreshed") await tell(tx, channel, claimed, "told", {}, now);
  });
}

export async function settleFailure(
  db: Db,
  channel: ChannelRow,
  claimed: Claimed,
  { message: answer, facts }: DeliveryFailure,
  now: Date,
): Promise<void> {
  const { again, retryAfterMs = 0, gone, maybeArrived } = facts;
  const asked = Math.min(retryAfterMs, longestAskedMs);
  const next = new Date(now.getTime() + Math.max(pauseMs(claimed.attempts), asked));
  const dead =
    claimed.kind === "test" ||
    again === "never" ||
    gone === true ||
    next.getTime() - claimed.createdAt.getTime() > triedForMs;
  await db.transaction(async (tx) => {
    await settle(tx, claimed, {
      answer,
      ...(dead
        ? { state: "dead", settledAt: now, unsettled: false }
        : // What may have arrived once may have for good, whatever the next attempt says.
          { nextAttemptAt: next, unsettled: maybeArrived === true || claimed.maybeArrived }),
    });
    // A test is of no alert: whoever tried sees its answer, and the channel fails once a message does.
    if (claimed.kind === "test") return;
    await tx
      .update(schema.channel)
      .set({
        failingSince: sql`coalesce(${schema.channel.failingSince}, ${now.toISOString()}::timestamptz)`,
        lastError: answer,
        ...(again === "channel" && { resumeAt: next }),
        ...(gone && { enabled: false, disabledBecause: `${asSentence(answer)} It wants nothing any more.` }),
      })
      .where(eq(schema.channel.id, channel.id));
    // The first failure and the end of trying; what lies between stands in the log of deliveries.
    if (dead || claimed.attempts === 1) {
      const trying = dead ? {} : { againAt: next.toISOString() };
      await tell(tx, channel, claimed, "telling_failed", { error: answer, ...trying }, now);
    }
  });
}

async function settle(
  tx: Tx,
  { id }: Claimed,
  change: Partial<typeof schema.delivery.$inferInsert>,
): Promise<void> {
  await tx
    .update(schema.delivery)
    .set(change)
    .where(and(eq(schema.delivery.id, id), eq(schema.delivery.state, "pending")));
}

/** On the incident's timeline. */
async function tell(
  tx: Tx,
  channel: ChannelRow,
  { id, incidentId, kind }: Claimed,
  event: "told" | "telling_failed" | "silenced" | "unsilenced",
  facts: Record<string, unknown>,
  now: Date,
): Promise<void> {
  if (incidentId === null) return;
  const told = { channel: channel.name, channelKind: channel.kind, about: kind, delivery: id, ...facts };
  await insertIncidentEvents(
    askDrizzle(tx),
    [{ incidentId, kind: event, actor: null, facts: told, text: null }],
    now,
  );
}

/** What the other side said about silences of its own, when that changed. */
async function noteSilence(
  tx: Tx,
  channel: ChannelRow,
  claimed: Claimed,
  words: string | null,
  now: Date,
): Promise<void> {
  const { tellingThread: thread } = schema;
  if (claimed.incidentId === null) return;
  const mine = and(eq(thread.incidentId, claimed.incidentId), eq(thread.channelId, channel.id));
  const [row] = await tx.select().from(thread).where(mine).for("update");
  if (!row || (row.silencedThere?.words ?? null) === words) return;
  const silencedThere = words === null ? null : { words, since: now.toISOString() };
  await tx.update(thread).set({ silencedThere }).where(mine);
  if (words !== null) await tell(tx, channel, claimed, "silenced", { words }, now);
  else if (row.silencedThere && row.told === "firing")
    await tell(tx, channel, claimed, "unsilenced", {}, now);
}
