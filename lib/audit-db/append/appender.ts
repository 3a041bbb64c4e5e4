import type { AppError } from "../../errors.ts";
import type { AuditDb } from "../types.ts";
import { append, appendRows } from "./append.ts";
import { createAppendBatcher } from "./append-batcher.ts";
import { type Sealing, sealEvents } from "./append-rows.ts";
import { writeRows } from "./append-write.ts";
import type { Appended, AppendOptions } from "./appended.ts";
import { fixEvents } from "./event.ts";
import type { EventInput } from "./event-schema.ts";

/** From here on a call is a batch by itself. */
const largeCall = 200;
const askEveryMs = 100;

/**
 * `AuditDb.append`: small calls share batches, large ones and those with an idempotency key go by themselves.
 * @param refusal why a call made at that time (epoch milliseconds) has waited long enough; undefined while it may go on
 */
export function createAppender(
  audit: Pick<AuditDb, "use"> & Sealing,
  refusal: (since: number) => AppError | undefined,
): AuditDb["append"] {
  // Calls are taken in the order they came, so that no batch is older than the one before it and none waits behind one
  // for longer than it may.
  const batcher = createAppendBatcher((rows, since) =>
    untilRefused(since, refusal, (signal) => appendRows(audit, rows, writeRows, signal)),
  );
  return async (events: readonly EventInput[], options: AppendOptions = {}): Promise<Appended[]> => {
    if (events.length === 0) return [];
    if (events.length >= largeCall || options.idempotencyKey !== undefined)
      return untilRefused(Date.now(), refusal, (refused) =>
        append(audit, events, {
          ...options,
          signal: options.signal ? AbortSignal.any([options.signal, refused]) : refused,
        }),
      );
    const rows = await sealEvents(fixEvents(events), audit);
    options.signal?.throwIfAborted();
    // Once in a batch it is appended whether the caller still waits or not.
    return batcher(rows);
  };
}

/** Several tries and waits in a row, each bounded by itself, end here together. */
async function untilRefused<T>(
  since: number,
  refusal: (since: number) => AppError | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const already = refusal(since);
  if (already) throw already;
  const refused = Promise.withResolvers<never>();
  const controller = new AbortController();
  const timer = setInterval(() => {
    const error = refusal(since);
    if (!error) return;
    refused.reject(error);
    controller.abort(error);
  }, askEveryMs);
  try {
    return await Promise.race([work(controller.signal), refused.promise]);
  } finally {
    clearInterval(timer);
  }
}
