import { and, eq, inArray, sql } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { consoleLocks } from "../db/locks.ts";
import { schema } from "../db/schema.ts";
import { composeMessage } from "./compose-message.ts";
import { dueTellings, type Telling, type Thread } from "./due-tellings.ts";
import type { DeliveryKind } from "./kinds.ts";
import { type HushOf, type Levels, readLevels, toldChannel } from "./read-levels.ts";
import { paceOf, readRoutes } from "./routes.ts";

export interface TellingOptions {
  console: Pick<ConsoleDb, "db">;
  /** A check's name by its id. */
  titleOf(checkId: string): string;
  /** What silences, windows and the like say at this moment. */
  hushes(tx: Tx, now: Date): Promise<HushOf>;
  /** The console's address for people. */
  baseUrl: string | undefined;
}

/**
 * The round of the duty "tellings": compares how incidents stand with what channels were told of them, and keeps a
 * delivery for each difference that is due, in one transaction with what the channel is told by it. Killed anywhere it
 * has kept both or neither. @returns how many
 */
export function tellIncidents(options: TellingOptions, now: Date = new Date()): Promise<number> {
  return options.console.db.transaction(async (tx) => {
    // Two leaders at a change of leadership would each find the same difference.
    await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.tellings})`);
    const levels = await readLevels(tx, await options.hushes(tx, now));
    const channels = levels.channels.map(toldChannel);
    const routes = (await readRoutes(tx)).map(paceOf);
    const due = dueTellings(levels.levels, levels.threads, { routes, channels, now: now.getTime() });
    for (const telling of due) await keep(tx, telling, levels, options, now);
    return due.length;
  });
}

async function keep(
  tx: Tx,
  { incidentId, channelId, kind: found }: Telling,
  levels: Levels,
  { titleOf, baseUrl }: TellingOptions,
  now: Date,
): Promise<void> {
  const incident = levels.rows.get(incidentId);
  const channel = levels.channels.find(({ id }) => id === channelId);
  if (!incident || !channel) return;
  const thread = levels.threads.find((one) => one.incidentId === incidentId && one.channelId === channelId);
  const over = found === "resolved" || found === "withdrawn";
  if (over) await withdraw(tx, { incidentId, channelId }, now);
  // The sender may have begun with it since it was looked at.
  const kind =
    found === "withdrawn" && (await hasReached(tx, { incidentId, channelId })) ? "resolved" : found;
  const told = over ? "resolved" : "firing";
  if (kind !== "withdrawn") {
    const alerts = levels.alerts.get(incidentId) ?? [];
    const title = titleOf(incident.checkId);
    const { details } = channel;
    const severityBefore = severityTold(thread, incident.severity);
    if (kind === "refreshed") await forgetRefreshed(tx, { incidentId, channelId });
    await tx.insert(schema.delivery).values({
      id: uuidV7(now.getTime()),
      channelId,
      incidentId,
      kind,
      message: composeMessage({ incident, alerts, kind, severityBefore, title, details, baseUrl }),
      state: "pending",
      nextAttemptAt: now,
      createdAt: now,
    });
  }
  const acknowledgedAt = kind === "acknowledged" ? incident.acknowledgedAt : null;
  const level = {
    told,
    telling: kind === "acknowledged" || kind === "refreshed" ? (thread?.telling ?? 0) : incident.telling,
    severity: incident.severity,
    // An acknowledgement is no news about the condition: what joins it does not wait longer for it.
    toldAt: kind === "acknowledged" && thread ? new Date(thread.toldAt) : now,
    acknowledgedAt: acknowledgedAt ?? (thread?.acknowledgedAt ? new Date(thread.acknowledgedAt) : null),
    ...(told === "resolved" && { silencedThere: null }),
  } as const;
  await tx
    .insert(schema.tellingThread)
    .values({ incidentId, channelId, ...level })
    .onConflictDoUpdate({
      target: [schema.tellingThread.incidentId, schema.tellingThread.channelId],
      set: level,
    });
}

function severityTold(thread: Thread | undefined, severity: Thread["severity"]) {
  return thread?.told === "firing" && thread.severity !== severity ? thread.severity : null;
}

interface ThreadKey {
  incidentId: string;
  channelId: string;
}

const ofThread = ({ incidentId, channelId }: ThreadKey) =>
  and(eq(schema.delivery.incidentId, incidentId), eq(schema.delivery.channelId, channelId));

/** What was not sent yet. What may have been sent stays, and is told to its end. */
async function withdraw(tx: Tx, thread: ThreadKey, now: Date): Promise<void> {
  const { delivery } = schema;
  await tx
    .update(delivery)
    .set({ state: "withdrawn", settledAt: now })
    .where(
      and(
        ofThread(thread),
        eq(delivery.state, "pending"),
        eq(delivery.unsettled, false),
        // A resolve that waits in front of a new fire is still due.
        inArray(delivery.kind, firing),
      ),
    );
}

async function hasReached(tx: Tx, thread: ThreadKey): Promise<boolean> {
  const { delivery } = schema;
  const [begun] = await tx
    .select({ id: delivery.id })
    .from(delivery)
    .where(and(ofThread(thread), eq(delivery.state, "pending"), eq(delivery.unsettled, true)))
    .limit(1);
  return begun !== undefined;
}

const firing: DeliveryKind[] = [
  "fired",
  "refired",
  "changed",
  "rose",
  "repeated",
  "refreshed",
  "acknowledged",
];

/** Of what keeps a state up the newest is enough. */
async function forgetRefreshed(tx: Tx, thread: ThreadKey): Promise<void> {
  const { delivery } = schema;
  await tx
    .delete(delivery)
    .where(and(ofThread(thread), eq(delivery.kind, "refreshed"), eq(delivery.unsettled, false)));
}
