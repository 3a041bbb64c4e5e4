import { z } from "zod";

const drop = z.object({
  target: z.string(),
  tags: z.array(z.string()).optional(),
  keys: z.array(z.string()).optional(),
});

/** What processes tell each other about answers. */
const message = z.discriminatedUnion("kind", [
  /** `marks`: the new marks of the drop's tags. `from`: who dropped, and has done so already. */
  z.object({ kind: z.literal("drop"), drop, marks: z.record(z.string(), z.string()), from: z.string() }),
  /** Whoever led the read of this key is done. */
  z.object({ kind: z.literal("done"), key: z.string() }),
]);
export type Message = z.infer<typeof message>;

/** Undefined for what no version of ours sends. */
export function parseMessage(text: string): Message | undefined {
  try {
    return message.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
