import { and, eq, exists, inArray, ne, or, sql } from "drizzle-orm";
import { toldCondition } from "../alerting/judge-flapping.ts";
import { labelsOf } from "../alerting/labels.ts";
import type { JudgedAlert } from "../alerting/overlay.ts";
import type { CheckObject, Limits } from "../check.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { IncidentLevel, Thread, ToldChannel } from "./due-tellings.ts";
import { type AlertSeverity, abilities } from "./kinds.ts";

export type IncidentRow = typeof schema.incident.$inferSelect;

/** One alert of an incident that fires. */
export interface ToldAlert {
  target: string;
  checkId: string;
  severity: AlertSeverity;
  object: CheckObject;
  objectKey: string;
  value: number | null;
  unit: string | null;
  threshold: Limits | null;
  words: { title: string; detail: string };
  since: Date;
}

/** What keeps an alert from being told just now, if anything does. */
export type HushOf = (alert: JudgedAlert) => boolean;

export interface Levels {
  rows: Map<string, IncidentRow>;
  alerts: Map<string, ToldAlert[]>;
  levels: IncidentLevel[];
  threads: Thread[];
  channels: (typeof schema.channel.$inferSelect)[];
}

/** How every incident stands that is not closed, or of which a channel still believes that it fires. */
export async function readLevels(db: Pick<Queryable, "select">, hushed: HushOf): Promise<Levels> {
  const { incident, tellingThread, channel } = schema;
  const stillTold = db
    .select({ one: sql`1` })
    .from(tellingThread)
    .where(and(eq(tellingThread.incidentId, incident.id), eq(tellingThread.told, "firing")));
  const rows = await db
    .select()
    .from(incident)
    .where(or(ne(incident.state, "closed"), exists(stillTold)))
    .orderBy(incident.number);
  const ids = rows.map(({ id }) => id);
  const alerts = await readFiring(db, ids);
  const levels = rows.map((row): IncidentLevel => {
    const mine = alerts.get(row.id) ?? [];
    return {
      id: row.id,
      condition: toldCondition(row),
      state: row.state,
      severity: row.severity,
      telling: row.telling,
      firedAt: row.firedAt.getTime(),
      acknowledgedAt: row.acknowledgedAt?.getTime() ?? null,
      alerts: mine.map((alert) => {
        const routed = labelled(alert);
        return { ...routed, hushed: hushed({ ...routed, objectKey: alert.objectKey }) };
      }),
    };
  });
  return {
    rows: new Map(rows.map((row) => [row.id, row])),
    alerts,
    levels,
    threads: await readThreads(db, ids),
    channels: await db.select().from(channel).orderBy(channel.name),
  };
}

const labelled = (alert: ToldAlert) => ({ labels: labelsOf(alert), severity: alert.severity });

/** The alerts of an incident that fire, as routes see them. */
export async function readAlertsOf(db: Pick<Queryable, "select">, { id }: Pick<IncidentRow, "id">) {
  return ((await readFiring(db, [id])).get(id) ?? []).map(labelled);
}

export function toldChannel({ id, kind, enabled }: Levels["channels"][number]): ToldChannel {
  return { id, enabled, acknowledge: abilities[kind].acknowledge, refreshMs: abilities[kind].refreshMs };
}

const worstFirst = { critical: 0, warning: 1, notice: 2 } as const;

/** The alerts of these incidents that fire, by incident, the worst first. */
async function readFiring(
  db: Pick<Queryable, "select">,
  incidents: readonly string[],
): Promise<Map<string, ToldAlert[]>> {
  if (incidents.length === 0) return new Map();
  const { alert } = schema;
  const rows = await db
    .select()
    .from(alert)
    .where(and(inArray(alert.incidentId, [...incidents]), inArray(alert.condition, ["firing", "recovering"])))
    .orderBy(alert.since, alert.id);
  const found = new Map<string, ToldAlert[]>();
  for (const row of rows) {
    const id = row.incidentId ?? "";
    found.set(id, [
      ...(found.get(id) ?? []),
      {
        target: row.target,
        checkId: row.checkId,
        severity: row.severity ?? "warning",
        object: row.object as CheckObject,
        objectKey: row.objectKey,
        value: row.value,
        unit: row.unit,
        threshold: row.threshold as Limits | null,
        words: row.words as ToldAlert["words"],
        since: row.since,
      },
    ]);
  }
  for (const list of found.values()) list.sort((a, b) => worstFirst[a.severity] - worstFirst[b.severity]);
  return found;
}

async function readThreads(db: Pick<Queryable, "select">, incidents: readonly string[]): Promise<Thread[]> {
  if (incidents.length === 0) return [];
  const { tellingThread: thread } = schema;
  // Since the last resolve: a message of an earlier fire told nobody of this one.
  const reached = sql<boolean>`exists (
    select from delivery d
    where d.incident_id = telling_thread.incident_id and d.channel_id = telling_thread.channel_id
      and d.kind not in ('resolved', 'test') and (d.state = 'delivered' or d.unsettled)
      and d.number > coalesce((select max(r.number) from delivery r
        where r.incident_id = d.incident_id and r.channel_id = d.channel_id and r.kind = 'resolved'), 0))`;
  const rows = await db
    .select({ thread, reached })
    .from(thread)
    .where(inArray(thread.incidentId, [...incidents]));
  return rows.map(({ thread: row, reached }) => ({
    incidentId: row.incidentId,
    channelId: row.channelId,
    told: row.told,
    telling: row.telling,
    severity: row.severity,
    toldAt: row.toldAt.getTime(),
    acknowledgedAt: row.acknowledgedAt?.getTime() ?? null,
    reached,
  }));
}
