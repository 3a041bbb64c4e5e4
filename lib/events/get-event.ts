import type { Sql } from "postgres";
import { checkLeaf, type StoredRow } from "../audit-db/append/check-leaf.ts";
import { leafColumns, leafRowFromDatabase } from "../audit-db/append/leaf-row.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { assertUnrestricted } from "../audit-log/assert-unrestricted.ts";
import { requireAccess } from "../audit-log/check-access.ts";
import type { EventKey } from "../audit-log/event-filters.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import { redactionsOf } from "../ledger/redactions-of.ts";
import type { Observed } from "../result.ts";
import type { EventDetail } from "./types.ts";

/**
 * A whole row by its key. The time finds its partition; the id alone would ask every one.
 * @param restricted tokens whose rows are not shown (`restrictedTokens`)
 */
export async function readStoredEvent(
  sql: Sql,
  key: EventKey,
  restricted: readonly string[],
): Promise<StoredRow> {
  // `salts` is the log's own column, and this null where the schema is older than it.
  const [row] = await sql<StoredRow[]>`
    select event.* from (select null::bytea as salts) older cross join lateral (
      select ${sql.unsafe(leafColumns)}, leaf, actor_personal as "actorPersonal", target_personal as "targetPersonal"
      from public.audit_log where occurred_at = ${key.occurredAt}::text::timestamptz and id = ${key.id}::uuid
    ) event`;
  if (row) {
    assertUnrestricted(row, restricted);
    return row;
  }
  throw new AppError("NOT_FOUND", "There is no such event (any more): its partition may have been archived.");
}

/**
 * One event with all its columns, and whether its leaf still matches what stands there.
 * @param console whose ledger says what was redacted of an event whose leaf cannot prove it
 * @throws AppError NOT_FOUND; UNSUPPORTED where there are no events of ours, or the role may not read them; FORBIDDEN for a restricted person's
 */
export async function getEvent(
  audit: Pick<AuditDb, "use" | "server" | "target" | "restrictedTokens">,
  key: EventKey,
  console?: Pick<ConsoleDb, "sql">,
): Promise<Observed<EventDetail>> {
  const observedAt = new Date();
  const restricted = await audit.restrictedTokens();
  const stored = await audit.use("read", "events.get", async (sql) => {
    await requireAccess(sql);
    return readStoredEvent(sql, key, restricted);
  });
  // From version 2 on the row proves itself what was redacted.
  const receipts =
    console && stored.leafVersion === 1 ? await redactionsOf(console.sql, audit.target, key.id) : [];
  const { leaf, actorPersonal, targetPersonal, ...columns } = stored;
  const { actorDigest, targetDigest, salts, ...row } = leafRowFromDatabase(columns);
  return {
    data: {
      ...row,
      status: row.status as EventDetail["status"],
      leaf: hex(leaf),
      salts: salts && hex(salts),
      ...checkLeaf(stored, receipts),
      people: { actor: actorPersonal !== null, target: targetPersonal !== null },
    },
    observedAt,
    source: "audit_log",
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
