import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { schema } from "../db/schema.ts";
import { env } from "../env.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import type { Message } from "./message.ts";
import { readChannel } from "./set-channel.ts";

/** Sends a test the way every message goes, once; its answer stands in the log of deliveries, by the id it answers. */
export const testChannel = defineAdminAction({
  name: "channel.test",
  role: "admin",
  input: z.strictObject({ channelId: z.uuid() }),
  answer: z.strictObject({ id: z.uuid(), name: z.string(), deliveryId: z.uuid() }),
  object: ({ channelId }) => ({ type: "channel", id: channelId }),
  async run({ tx, now }, { channelId }) {
    const { name } = await readChannel(tx, channelId);
    const deliveryId = uuidV7(now.getTime());
    await tx.insert(schema.delivery).values({
      id: deliveryId,
      channelId,
      kind: "test",
      message: testMessage(name, now),
      state: "pending",
      // By the database's clock, which says what is due.
      nextAttemptAt: new Date(0),
      createdAt: now,
    });
    return { data: { id: channelId, name, deliveryId }, object: { type: "channel", id: channelId, name } };
  },
});

function testMessage(channel: string, now: Date): Message {
  return {
    kind: "test",
    incident: null,
    severity: "notice",
    severityBefore: null,
    title: `${channel} is told of alerts`,
    objects: [],
    more: 0,
    value: null,
    since: now.toISOString(),
    endedAt: null,
    detail: null,
    by: null,
    link: env().NEXTAUTH_URL ?? null,
  };
}
