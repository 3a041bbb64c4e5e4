import type { Sql } from "postgres";
import { redactableFields } from "../../audit-db/append/salts.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import type { ScopeTarget } from "../scope-types.ts";
import { iso, ownRows, type PersonOn, type ScopeGrain } from "./ask-scope.ts";

/** Read at once; a month that holds more is read by days. */
const rowsAtOnce = 20_000;
const timeoutMs = 5 * 60_000;
const dayMs = 86_400_000;

interface Window {
  policy: string;
  from: Date;
  to: Date;
}

type Row = { id: string; occurredAt: string; policy: string } & Record<
  (typeof redactableFields)[number],
  string | null
>;

/**
 * Events of a person that name them in clear, among their own rows: read in stretches of time that were counted before, and
 * looked at here, so that no identifier stands in a statement or in a server's log.
 * @param onEvents told of them as they are found, maybe twice
 * @returns how many there are
 */
export async function findOwnClear(
  audit: Pick<AuditDb, "use" | "target">,
  person: PersonOn,
  grain: readonly ScopeGrain[],
  matches: (text: string) => boolean,
  onEvents: (events: ScopeTarget["clear"]) => Promise<void>,
): Promise<number> {
  let found = 0;
  const look = async (rows: readonly Row[]) => {
    const events: ScopeTarget["clear"] = [];
    for (const { id, occurredAt, policy, ...texts } of rows) {
      const fields = redactableFields.filter((field) => texts[field] !== null && matches(texts[field]));
      if (fields.length === 0) continue;
      events.push({ id, occurredAt, policy, fields });
    }
    found += events.length;
    await onEvents(events);
  };
  for (const window of windowsOf(grain.filter(({ quarantined }) => !quarantined)))
    await look(await read(audit, person, window));
  if (grain.some(({ quarantined }) => quarantined)) await look(await read(audit, person, null));
  return found;
}

/** @param window null: what waits in quarantine */
function read(audit: Pick<AuditDb, "use" | "target">, person: PersonOn, window: Window | null) {
  const from = (sql: Sql) =>
    window
      ? sql`public.audit_log where retention_policy = ${window.policy}
            and occurred_at >= ${window.from} and occurred_at < ${window.to}`
      : sql`public.audit_quarantine where resolved_at is null`;
  return audit.use(
    "read",
    "requests.own_clear",
    (sql) => sql<Row[]>`
      select id, ${iso(sql, "occurred_at")} as "occurredAt", retention_policy as policy,
             details::text as details, target_id as "targetId", outcome, correlation_id as "correlationId"
      from ${from(sql)} and ${ownRows(sql, audit.target, person)}`,
    { timeoutMs },
  );
}

/** Stretches of months of a policy that hold so many rows at most; days of a month that holds more. */
export function windowsOf(grain: readonly Pick<ScopeGrain, "policy" | "month" | "events">[]): Window[] {
  const windows: Window[] = [];
  for (const [policy, rows] of Map.groupBy(grain, (row) => row.policy)) {
    const months = Map.groupBy(rows, ({ month }) => month);
    let open: (Window & { events: number }) | undefined;
    for (const month of [...months.keys()].toSorted()) {
      const events = (months.get(month) ?? []).reduce((sum, row) => sum + row.events, 0);
      const from = new Date(`${month}-01T00:00:00Z`);
      const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
      if (events > rowsAtOnce) {
        for (let day = from.getTime(); day < to.getTime(); day += dayMs)
          windows.push({ policy, from: new Date(day), to: new Date(Math.min(day + dayMs, to.getTime())) });
      } else if (open && open.events + events <= rowsAtOnce) {
        open.to = to;
        open.events += events;
      } else {
        open = { policy, from, to, events };
        windows.push(open);
      }
    }
  }
  return windows.map(({ policy, from, to }) => ({ policy, from, to }));
}
