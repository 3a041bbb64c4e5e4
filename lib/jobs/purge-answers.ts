import { purgeIdempotency } from "../audit-db/append/idempotency.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { pause } from "../duties/pause.ts";
import type { Logger } from "../log/log.ts";

const everyMs = 60 * 60_000;
/** Soon again while the target is away. */
const retryMs = 60_000;

/** Forgets answers under idempotency keys once they have expired, until the signal aborts. */
export async function purgeAnswers(
  audit: Pick<AuditDb, "use" | "can" | "server" | "target">,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (!audit.can("maintenance")) return;
  while (!signal.aborted) {
    let waitMs = everyMs;
    try {
      // A database that somebody has yet to migrate has no such table.
      if ((await audit.server()).hasAuditSchema) {
        const purged = await purgeIdempotency(audit);
        if (purged > 0) logger.debug({ target: audit.target, purged }, "expired idempotency keys forgotten");
      }
    } catch (err) {
      waitMs = retryMs;
      logger.debug({ err, target: audit.target }, "expired idempotency keys could not be forgotten just now");
    }
    await pause(waitMs, signal);
  }
}
