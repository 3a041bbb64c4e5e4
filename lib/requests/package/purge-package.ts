import { and, eq } from "drizzle-orm";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { type RequestActor, writeRequestEvent } from "../move-request.ts";
import type { PackageRow } from "./find-package.ts";
import { deletePieces } from "./stored-pieces.ts";

/** Why a package is deleted. */
export type PurgeReason = "downloaded" | "expired" | "superseded" | "request_ended";

/**
 * Deletes everything that a package holds: archive, what was collected, passphrase, link. Its sums stay, for the
 * certificate. In the caller's transaction; nothing to do for one that is deleted.
 * @returns whether it did
 */
export async function purgePackage(
  tx: Tx,
  { id, requestId, state }: Pick<PackageRow, "id" | "requestId" | "state">,
  { why, actor, now }: { why: PurgeReason; actor: RequestActor; now: Date },
): Promise<boolean> {
  const { requestPackage } = schema;
  const purged = await tx
    .update(requestPackage)
    .set({
      state: why === "downloaded" ? "downloaded" : "expired",
      purgedAt: now,
      passphrase: null,
      linkDigest: null,
      linkUntil: null,
      ...(why === "downloaded" && { downloadedAt: now }),
    })
    .where(and(eq(requestPackage.id, id), eq(requestPackage.state, state)))
    .returning({ id: requestPackage.id });
  if (purged.length === 0) return false;
  const pieces = await deletePieces(tx, id);
  await writeRequestEvent(
    tx,
    { id: requestId },
    {
      kind: "package_purged",
      actor,
      now,
      facts: { package: id, why, pieces },
    },
  );
  return true;
}
