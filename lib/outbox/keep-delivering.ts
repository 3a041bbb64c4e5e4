import type { Logger } from "../log/log.ts";
import { type DeliveryContext, deliverOutbox } from "./deliver-outbox.ts";

/** Rounds that deliver the outbox. */
export function delivering(context: Omit<DeliveryContext, "now">, logger: Logger): () => Promise<void> {
  return async () => {
    const sum = await deliverOutbox(context);
    if (sum.delivered + sum.notApplicable + sum.failed > 0) logger.debug(sum, "outbox");
  };
}
