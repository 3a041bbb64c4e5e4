import { levelOf } from "../db/errors.ts";
import { pause } from "../duties/pause.ts";
import { pruneConsole } from "../jobs/prune-console.ts";
import type { Logger } from "../log/log.ts";
import { type DeliveryContext, deliverOutbox } from "./deliver-outbox.ts";

const everyMs = 2_000;
const pruneEveryMs = 3_600_000;

/** Delivers the outbox until the signal aborts, and once an hour drops what the console no longer needs. */
export async function keepDelivering(
  context: Omit<DeliveryContext, "now">,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  let prunedAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      const sum = await deliverOutbox(context);
      if (sum.delivered + sum.notApplicable + sum.failed > 0) logger.debug(sum, "outbox");
      if (Date.now() - prunedAt >= pruneEveryMs) {
        await pruneConsole(context.console);
        prunedAt = Date.now();
      }
    } catch (err) {
      logger[levelOf(err)]({ err }, "the outbox could not be delivered just now");
    }
    await pause(everyMs, signal);
  }
}
