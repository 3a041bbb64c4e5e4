import type { AuditDb } from "../audit-db/types.ts";
import { requireAccess } from "../audit-log/check-access.ts";
import type { EventKey } from "../audit-log/event-filters.ts";
import { AppError } from "../errors.ts";

const aroundMs = 5 * 60_000;

/**
 * The key of an event of which only the id is known. Its first 48 bits say when it was made, and events mostly happen
 * then: without a time every partition would have to be asked.
 * @param id UUID of version 7
 * @throws AppError NOT_FOUND where no event of these ten minutes has it; CONFLICT where several have
 */
export async function findEventKey(audit: Pick<AuditDb, "use">, id: string): Promise<EventKey> {
  const madeAt = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  const [from, to] = [madeAt - aroundMs, madeAt + aroundMs].map((at) => new Date(at).toISOString());
  const found = await audit.use("read", "events.find_key", async (sql) => {
    await requireAccess(sql);
    return sql<EventKey[]>`
      select id, to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt"
      from public.audit_log
      where occurred_at >= ${from ?? ""}::text::timestamptz and occurred_at < ${to ?? ""}::text::timestamptz
        and id = ${id}::uuid limit 2`;
  });
  const hint = "Name it by its time and id, joined by an underscore: 2026-03-01T12:34:56.789012Z_ID.";
  const [only, second] = found;
  if (second) throw new AppError("CONFLICT", "Several events have this id.", { hint });
  if (only) return only;
  throw new AppError(
    "NOT_FOUND",
    "No event that happened within five minutes of the making of this id has it.",
    {
      hint,
    },
  );
}
