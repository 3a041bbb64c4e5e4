import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { readChannel } from "./set-channel.ts";

/** Lets a channel be told again, or no more. What it was not told meanwhile and still holds it is told then. */
export const enableChannel = defineAdminAction({
  name: "channel.enable",
  role: "admin",
  input: z.strictObject({ channelId: z.uuid(), enabled: z.boolean() }),
  answer: z.strictObject({ id: z.uuid(), name: z.string(), enabled: z.boolean() }),
  object: ({ channelId }) => ({ type: "channel", id: channelId }),
  async run({ tx, now, actor }, { channelId, enabled }) {
    const { name } = await readChannel(tx, channelId);
    await tx
      .update(schema.channel)
      .set({
        enabled,
        disabledBecause: null,
        resumeAt: null,
        failingSince: null,
        lastError: null,
        changedAt: now,
        changedByName: actor.email ?? actor.name,
      })
      .where(eq(schema.channel.id, channelId));
    return {
      data: { id: channelId, name, enabled },
      object: { type: "channel", id: channelId, name },
      facts: { enabled },
    };
  },
});
