import { eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { destroySecret } from "../key-store/secrets.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { readRoutes } from "./routes.ts";
import { readChannel } from "./set-channel.ts";

/** Removes a channel with its secret and the log of its deliveries. What it was told of it is not told the end of. */
export const removeChannel = defineAdminAction({
  name: "channel.remove",
  role: "admin",
  input: z.strictObject({ channelId: z.uuid() }),
  answer: z.strictObject({ id: z.uuid(), name: z.string() }),
  object: ({ channelId }) => ({ type: "channel", id: channelId }),
  confirm: async ({ tx }, { channelId }) => (await readChannel(tx, channelId)).name,
  async run({ tx }, { channelId }) {
    const { name, kind } = await readChannel(tx, channelId);
    const leading = (await readRoutes(tx)).filter(({ channels }) => channels?.includes(channelId));
    if (leading.length > 0)
      throw new AppError(
        "CONFLICT",
        `Routes lead to it: ${leading.map((route) => `“${route.name}”`).join(", ")}.`,
        {
          hint: "Take it out of them first, so that it is plain who is told instead.",
        },
      );
    await tx.delete(schema.channel).where(eq(schema.channel.id, channelId));
    await destroySecret(tx, { purpose: "channel_secret", name: channelId });
    return {
      data: { id: channelId, name },
      object: { type: "channel", id: channelId, name },
      facts: { kind },
    };
  },
});
