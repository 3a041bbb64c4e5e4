import { hash } from "node:crypto";
import type { Sql } from "postgres";
import { leafHexOf, leafVersion } from "../audit-db/append/leaf.ts";
import { leafColumns, leafRowFromDatabase, type StoredLeafRow } from "../audit-db/append/leaf-row.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { requireAccess } from "../audit-log/check-access.ts";
import type { EventKey } from "../audit-log/event-filters.ts";
import { AppError } from "../errors.ts";
import type { Observed } from "../result.ts";
import type { EventDetail } from "./types.ts";

type StoredEvent = StoredLeafRow & {
  leaf: Buffer;
  leafVersion: number;
  actorPersonal: Buffer | null;
  targetPersonal: Buffer | null;
};

/** A whole row by its key. The time finds its partition; the id alone would ask every one. */
export async function readStoredEvent(sql: Sql, key: EventKey): Promise<StoredEvent> {
  const [row] = await sql<StoredEvent[]>`
    select ${sql.unsafe(leafColumns)}, leaf, leaf_version as "leafVersion", actor_personal as "actorPersonal",
           target_personal as "targetPersonal"
    from public.audit_log where occurred_at = ${key.occurredAt}::text::timestamptz and id = ${key.id}::uuid`;
  if (row) return row;
  throw new AppError("NOT_FOUND", "There is no such event (any more): its partition may have been archived.");
}

/**
 * One event with all its columns, and whether its leaf still matches what stands there.
 * @throws AppError NOT_FOUND; UNSUPPORTED where there are no events of ours, or the role may not read them
 */
export async function getEvent(
  audit: Pick<AuditDb, "use" | "server">,
  key: EventKey,
): Promise<Observed<EventDetail>> {
  const observedAt = new Date();
  const stored = await audit.use("read", "events.get", async (sql) => {
    await requireAccess(sql);
    return readStoredEvent(sql, key);
  });
  const { leaf, leafVersion: version, actorPersonal, targetPersonal, ...columns } = stored;
  const { actorDigest, targetDigest, ...row } = leafRowFromDatabase(columns);
  return {
    data: {
      ...row,
      status: row.status as EventDetail["status"],
      leafVersion: version,
      leaf: leaf.toString("hex"),
      check: checkLeaf(stored),
      people: { actor: actorPersonal !== null, target: targetPersonal !== null },
    },
    observedAt,
    source: "audit_log",
  };
}

function checkLeaf({ leaf, leafVersion: version, actorPersonal, targetPersonal, ...columns }: StoredEvent) {
  if (version === 0) return "no leaf";
  if (version !== leafVersion) return "unknown version";
  const row = leafRowFromDatabase(columns);
  const same =
    leafHexOf(row) === leaf.toString("hex") &&
    digestMatches(actorPersonal, row.actorDigest) &&
    digestMatches(targetPersonal, row.targetDigest);
  return same ? "matches" : "differs";
}

/** A ciphertext that is gone was redacted: its digest stays and the leaf with it. */
function digestMatches(personal: Buffer | null, digest: Uint8Array | null): boolean {
  if (personal === null) return true;
  return digest !== null && hash("sha256", personal, "hex") === Buffer.from(digest).toString("hex");
}
