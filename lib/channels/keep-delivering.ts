import { levelOf } from "../db/errors.ts";
import { type DeliveringOptions, deliverChannel, listDueChannels } from "./deliver-channel.ts";

/** Channels at a time, each with one message under way. */
const mostAtOnce = 16;

/**
 * The round of the duty "deliveries". It begins with every channel that has something due and is not at it already, and
 * waits for none: a mail server that hangs holds up neither another channel nor the next round.
 */
export function delivering(options: DeliveringOptions): (signal: AbortSignal) => Promise<void> {
  const busy = new Map<string, Promise<void>>();
  return async (signal) => {
    for (const id of await listDueChannels(options)) {
      if (signal.aborted || busy.size >= mostAtOnce) return;
      if (busy.has(id)) continue;
      const work = deliverChannel(id, options, signal)
        .catch((err: unknown) =>
          options.logger[levelOf(err)]({ err, channel: id }, "a channel's deliveries are tried again"),
        )
        .finally(() => busy.delete(id));
      busy.set(id, work);
    }
  };
}
