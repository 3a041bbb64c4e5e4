import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { addApproval } from "./approvals.ts";
import { addIncident } from "./incidents.ts";
import { addJob } from "./jobs.ts";
import { addWholeRequest } from "./whole-request.ts";

/**
 * A job, an approval, an incident, a hold, an erasure, request #1 and an upkeep of the target `audit`, each with all that one
 * can have and under one id, so that whatever is asked for by it is found.
 */
export async function addWork(own: ConsoleDb, id: string, database: string): Promise<void> {
  const error = { code: "TIMEOUT", message: "Too slow.", hint: "Try at night." };
  const [at, target] = [new Date(), "audit"];
  const done = {
    done: 1,
    total: 2,
    unit: "rows",
    progressAt: at,
    checkpoint: {},
    checkpointAt: at,
    beatAt: at,
  };
  const object = { objectType: "table", objectId: "t", objectName: "public.t" };
  const name = "events.purge_idempotency";
  const row = { id, name, target, state: "failed", error, reason: "Ticket AUD-1", schedule: name } as const;
  await addJob(own, { ...row, ...done, ...object, attempt: 1, startedAt: at, finishedAt: at });
  await own.db
    .insert(schema.jobAttempt)
    .values({ jobId: id, attempt: 1, worker: "w:1:1", endedAt: at, outcome: "failed", error });
  await own.db.insert(schema.jobLog).values({ jobId: id, attempt: 1, level: "warn", message: "line" });
  await own.db
    .insert(schema.schedule)
    .values({ name, jobName: name, target, input: { target }, cron: "11 * * * *" });
  await addApproval(own, { id, target, ...object });
  await addIncident(own, { id, target });
  await addHeldErasure(own, id, at);
  await addWholeRequest(own, id, at);
  await own.db.insert(schema.partitionUpkeep).values({
    ...{ id, target, database, schemaName: "public", tableName: "audit_log", ahead: 3 },
    ...{ cut: { unit: "month", count: 1 }, cron: "17 3 * * *", timeZone: "UTC", lockTimeoutMs: 200 },
    ...{ windowFrom: "03:00", windowTo: "04:00", state: "approved", revision: 2, approvedByName: "p" },
    ...{ proposedByKind: "user", proposedByName: "p", proposedAt: at, approvedAt: at, onSince: at },
    ...{ lastRunAt: at, lastJobId: id, lastOutcome: "done", lastWords: "Create x.", lastMade: 1 },
  });
}

/** A hold, and an erasure that it keeps back. */
async function addHeldErasure(own: ConsoleDb, id: string, at: Date) {
  await own.db.insert(schema.legalHold).values({
    ...{ id, name: "Case 1", reason: "a court order", scope: { targets: ["audit"] }, state: "in_force" },
    ...{ awaits: [], placedByName: "p", placedAt: at, inForceAt: at },
  });
  await own.db.insert(schema.erasure).values({
    ...{ id, token: "p_1", target: "audit", policy: "minimal", state: "held", heldBy: [id, "restriction"] },
    ...{ dueAt: at, requestedByName: "p", requestedAt: at, jobId: id },
  });
}

/** An entry of each kind, whose receipts the log lacks: from then on no event is shown. */
export async function addEntries(own: ConsoleDb, event: { id: string; occurredAt: string }): Promise<void> {
  const { id, occurredAt } = event;
  const [hex, key] = ["0".repeat(64), "0".repeat(32)];
  const redacted = { id, occurredAt, policy: "standard", leafVersion: 2, leaf: hex };
  const entries = [
    ["erasure", { token: "p_1", keyId: key, policies: ["minimal"] }],
    ["restriction", { tokens: ["p_1"], ground: "accuracy_contested" }],
    ["restriction_lifted", { tokens: ["p_1"] }],
    ["redaction", { ...redacted, fields: { details: hex }, personal: ["actor"] }],
  ] as const;
  await own.db.insert(schema.privacyLedger).values(
    entries.map(([kind, facts]) => ({
      ...{ kind, facts, target: "audit", at: new Date(), byToken: "console_system", receiptId: uuidV7() },
    })),
  );
}
