import { and, asc, eq, inArray, lte, sql } from "drizzle-orm";
import { append } from "../audit-db/append/append.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { type AppError, toAppError } from "../errors.ts";

const batchSize = 200;

type OutboxRow = typeof schema.outbox.$inferSelect;

export interface DeliveryContext {
  console: ConsoleDb;
  /** The target's engine; undefined when no such target is configured any more. */
  openTarget(name: string): AuditDb | undefined;
  now?: Date;
}

export interface Delivery {
  delivered: number;
  notApplicable: number;
  /** Will be tried again. */
  failed: number;
}

/**
 * Appends what is due in the outbox to the targets' audit logs. At least once: the events' ids and times were
 * fixed when they were recorded, so a repeat adds nothing. One target's outage holds up no other.
 * Meant to be called every few seconds under a lock; two at once would only do the work twice.
 */
export async function deliverOutbox(context: DeliveryContext): Promise<Delivery> {
  const now = context.now ?? new Date();
  const { outbox } = schema;
  const due = await context.console.db
    .selectDistinct({ target: outbox.target })
    .from(outbox)
    .where(and(eq(outbox.state, "pending"), lte(outbox.nextAttemptAt, now)));
  const sums = await Promise.all(due.map(({ target }) => deliverTo(context, target, now)));
  return sums.reduce(
    (sum, one) => ({
      delivered: sum.delivered + one.delivered,
      notApplicable: sum.notApplicable + one.notApplicable,
      failed: sum.failed + one.failed,
    }),
    { delivered: 0, notApplicable: 0, failed: 0 },
  );
}

async function deliverTo(context: DeliveryContext, target: string, now: Date): Promise<Delivery> {
  const { outbox } = schema;
  const rows = await context.console.db
    .select()
    .from(outbox)
    .where(and(eq(outbox.target, target), eq(outbox.state, "pending"), lte(outbox.nextAttemptAt, now)))
    .orderBy(asc(outbox.id))
    .limit(batchSize);
  const audit = context.openTarget(target);
  if (!audit) return settle(context, rows, now, "This target is not configured any more.");
  if (!audit.can("write")) return settle(context, rows, now, "The target has no writer connection.");
  try {
    if (!(await audit.server()).hasAuditSchema) {
      return await settle(context, rows, now, "The target has no audit schema of ours.");
    }
    return await appendRows(context, audit, rows, now);
  } catch (thrown) {
    return postpone(context, rows, toAppError(thrown), now);
  }
}

async function appendRows(
  context: DeliveryContext,
  audit: AuditDb,
  rows: OutboxRow[],
  now: Date,
): Promise<Delivery> {
  try {
    const results = await append(audit, rows.map(toEvent));
    const quarantined = rows.filter((_, index) => results[index]?.outcome === "quarantined");
    const conflicting = rows.filter((_, index) => results[index]?.outcome === "conflict");
    await settle(
      context,
      rows.filter((row) => !quarantined.includes(row) && !conflicting.includes(row)),
      now,
      null,
    );
    await settle(context, quarantined, now, "Delivered into quarantine.", "delivered");
    await settle(context, conflicting, now, "Another event stands under its id in the audit log.");
    return { delivered: rows.length - conflicting.length, notApplicable: conflicting.length, failed: 0 };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === "UNSUPPORTED") return settle(context, rows, now, error.message);
    if (error.code !== "BAD_INPUT") throw error;
    // One event the log will never take must not hold up those behind it.
    if (rows.length === 1) return settle(context, rows, now, `The audit log refuses it: ${error.message}`);
    const sum = { delivered: 0, notApplicable: 0, failed: 0 };
    for (const row of rows) {
      const one = await appendRows(context, audit, [row], now);
      sum.delivered += one.delivered;
      sum.notApplicable += one.notApplicable;
    }
    return sum;
  }
}

/** Everything is fixed by the row, so that each attempt sends the same bytes. */
function toEvent({ id, payload }: OutboxRow): EventInput {
  return {
    id,
    occurredAt: payload.occurredAt,
    recordedAt: payload.occurredAt,
    organizationId: payload.organizationId ?? "console",
    action: payload.action,
    status: payload.status,
    outcome: payload.outcome,
    targetType: payload.targetType,
    targetId: payload.targetId,
    targetToken: payload.targetToken,
    actorToken: payload.actorToken,
    details: payload.details as NonNullable<EventInput["details"]>,
  };
}

/** Delivered when nothing speaks against it, else not applicable, with the reason. */
async function settle(
  { console }: DeliveryContext,
  rows: OutboxRow[],
  now: Date,
  reason: string | null,
  state: "delivered" | "not_applicable" = reason ? "not_applicable" : "delivered",
): Promise<Delivery> {
  if (rows.length > 0) {
    await console.db
      .update(schema.outbox)
      .set({
        state,
        settledAt: now,
        lastError: reason,
        attempts: sql`${schema.outbox.attempts} + 1`,
      })
      .where(same(rows));
  }
  const delivered = state === "delivered" ? rows.length : 0;
  return { delivered, notApplicable: rows.length - delivered, failed: 0 };
}

/** Tried again after 5 s, 10 s, 20 s … at most ten minutes. */
async function postpone(
  { console }: DeliveryContext,
  rows: OutboxRow[],
  error: AppError,
  now: Date,
): Promise<Delivery> {
  const { outbox } = schema;
  await console.db
    .update(outbox)
    .set({
      attempts: sql`${outbox.attempts} + 1`,
      nextAttemptAt: sql`${now.toISOString()}::timestamptz
        + least(interval '5 seconds' * power(2, least(${outbox.attempts}, 10)), interval '10 minutes')`,
      lastError: error.message,
    })
    .where(same(rows));
  return { delivered: 0, notApplicable: 0, failed: rows.length };
}

function same(rows: OutboxRow[]) {
  const { outbox } = schema;
  return and(
    eq(outbox.target, rows[0]?.target ?? ""),
    inArray(
      outbox.id,
      rows.map((row) => row.id),
    ),
  );
}
