import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { objectKey } from "../check.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

type IncidentRow = typeof schema.incident.$inferSelect;
type AlertRow = typeof schema.alert.$inferInsert;

/** An incident that fires, with one alert of a session that is idle in transaction, as an evaluation leaves them. */
export async function addIncident(
  { db }: Pick<ConsoleDb, "db">,
  given: Partial<typeof schema.incident.$inferInsert> & { alert?: Partial<AlertRow> | null } = {},
): Promise<IncidentRow> {
  const { alert, ...incident } = given;
  const at = incident.firedAt ?? new Date();
  const words = {
    title: "Session 4711 of ada is idle in transaction for 12 min.",
    detail: "It holds back vacuum.",
  };
  const id = uuidV7(at.getTime());
  const checkId = incident.checkId ?? "connections.idle_in_transaction";
  const [row] = await db
    .insert(schema.incident)
    .values({
      id,
      target: "audit",
      groupKey: `${checkId} ${id}`,
      checkId,
      condition: "firing",
      state: "open",
      version: 1,
      severity: "warning",
      words,
      path: "connections",
      firing: 1,
      telling: 1,
      fires: 1,
      openedAt: at,
      firedAt: at,
      changedAt: at,
      ...incident,
    })
    .returning();
  if (!row) throw new Error("no incident was added");
  if (alert !== null) {
    const object = { kind: "session" as const, pid: 4711, backendStart: at, name: "4711 (ada)" };
    await db.insert(schema.alert).values({
      id: uuidV7(at.getTime()),
      target: row.target,
      checkId,
      objectKey: `${objectKey(object)} ${id}`,
      object,
      condition: "firing",
      severity: row.severity,
      value: 725,
      unit: "seconds",
      threshold: { warning: 300, critical: 3_600 },
      words,
      path: "connections",
      since: at,
      firedAt: at,
      incidentId: row.id,
      seenAt: at,
      ...alert,
    });
  }
  return row;
}
