import { and, desc, eq, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { DeliveryKind } from "./kinds.ts";
import { headline, type Message } from "./message.ts";

export const deliveryStates = ["pending", "delivered", "dead", "withdrawn"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const deliveriesInput = z.strictObject({
  id: z.uuid().optional(),
  channel: z.uuid().optional(),
  incident: z.uuid().optional(),
  state: z.enum(deliveryStates).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Only older ones than this number. */
  before: z.coerce.number().int().min(1).optional(),
});

/** A message to a channel, from when it was due to what was answered. */
export interface DeliveryLine {
  id: string;
  number: number;
  kind: DeliveryKind;
  channel: { id: string; name: string };
  incident: { id: string; number: number; target: string } | null;
  /** What it says, in a line. */
  headline: string;
  state: DeliveryState;
  attempts: number;
  /** Null once it is settled. */
  nextAttemptAt: Date | null;
  answer: string | null;
  createdAt: Date;
  settledAt: Date | null;
}

/** The log of deliveries, newest first. */
export async function getDeliveries(
  { db }: Pick<ConsoleDb, "db">,
  { id, channel: channelId, incident: incidentId, state, limit, before }: z.output<typeof deliveriesInput>,
): Promise<DeliveryLine[]> {
  const { delivery, channel } = schema;
  const asked: (SQL | undefined)[] = [
    id ? eq(delivery.id, id) : undefined,
    channelId ? eq(delivery.channelId, channelId) : undefined,
    incidentId ? eq(delivery.incidentId, incidentId) : undefined,
    state ? eq(delivery.state, state) : undefined,
    before ? lt(delivery.number, before) : undefined,
  ];
  const rows = await db
    .select({ delivery, channelName: channel.name })
    .from(delivery)
    .innerJoin(channel, eq(channel.id, delivery.channelId))
    .where(and(...asked))
    .orderBy(desc(delivery.number))
    .limit(limit);
  return rows.map(({ delivery: row, channelName }) => {
    const message = row.message as Message;
    const { incident } = message;
    return {
      id: row.id,
      number: row.number,
      kind: row.kind,
      channel: { id: row.channelId, name: channelName },
      incident: incident && { id: incident.id, number: incident.number, target: incident.target },
      headline: headline(message),
      state: row.state,
      attempts: row.attempts,
      nextAttemptAt: row.state === "pending" ? row.nextAttemptAt : null,
      answer: row.answer,
      createdAt: row.createdAt,
      settledAt: row.settledAt,
    };
  });
}
