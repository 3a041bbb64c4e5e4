import type { AuditDb } from "../../audit-db/types.ts";
import type { Actor } from "../../auth/actor.ts";
import type { DecodedBody } from "../../ingest/decode-body.ts";
import type { RateLimit } from "../../ingest/limit-rate.ts";

/** A request to append, once it is known who sends it. */
export interface IngestRequest {
  audit: Pick<AuditDb, "append">;
  target: string;
  actor: Actor;
  /** The body as text, unpacked and bounded. */
  body: DecodedBody;
  idempotencyKey: string | undefined;
  rateLimit: RateLimit;
  signal: AbortSignal;
}
