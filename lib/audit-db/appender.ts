import { type Appended, type AppendOptions, append, appendRows } from "./append.ts";
import { createAppendBatcher } from "./append-batcher.ts";
import { sealEvents } from "./append-rows.ts";
import { type EventInput, fixEvents } from "./event.ts";
import type { AuditDb } from "./types.ts";

/** From here on a call is a batch by itself. */
const largeCall = 200;

/** `AuditDb.append`: small calls share batches, large ones and those with an idempotency key go by themselves. */
export function createAppender(audit: Pick<AuditDb, "use" | "vault">): AuditDb["append"] {
  const batcher = createAppendBatcher((rows) => appendRows(audit, rows));
  return async (events: readonly EventInput[], options: AppendOptions = {}): Promise<Appended[]> => {
    if (events.length === 0 || events.length >= largeCall || options.idempotencyKey !== undefined)
      return append(audit, events, options);
    const rows = await sealEvents(fixEvents(events), audit.vault);
    options.signal?.throwIfAborted();
    // Once in a batch it is appended whether the caller still waits or not.
    return batcher(rows);
  };
}
