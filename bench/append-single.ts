import postgres from "postgres";
import { sealEvents } from "../lib/audit-db/append/append-rows.ts";
import { fixEvents } from "../lib/audit-db/append/event.ts";
import { benchEvent, startAppendServer } from "./support/append-server.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Events a second when 50 callers each append one event at a time through `AuditDb.append`, against 50 connections
 * that each insert one row at a time, each acknowledged after its own COMMIT. Both encrypt the person and make the
 * leaf; both write the same columns into the same tables of one durable PostgreSQL 18, in turns.
 */
const callers = 50;
const secondsEach = 4;
const rounds = 5;

const server = await startAppendServer(4);
const plain = postgres(server.writerUrl, { max: callers, onnotice: () => {}, fetch_types: false });
let index = 0;
try {
  const ours: number[] = [];
  const other: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const oursRate = await measure(async () => {
      await server.audit.append([benchEvent(index++)]);
    });
    const otherRate = await measure(insertOne);
    step(`round ${round}: append ${Math.round(oursRate)} events/s, INSERT ${Math.round(otherRate)} events/s`);
    if (round > 0) {
      ours.push(oursRate);
      other.push(otherRate);
    }
  }
  report({
    name: "append-single",
    ratio: median(ours) / median(other),
    aim: ">= 3.00",
    ours: `${Math.round(median(ours))} events/s from ${callers} callers on 4 connections`,
    other: `${Math.round(median(other))} events/s by single-row INSERT on ${callers} connections`,
  });
} finally {
  await plain.end({ timeout: 1 });
  await server.stop();
}

async function measure(one: () => Promise<void>): Promise<number> {
  const until = performance.now() + secondsEach * 1_000;
  let done = 0;
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (performance.now() < until) {
        await one();
        done++;
      }
    }),
  );
  return done / secondsEach;
}

async function insertOne(): Promise<void> {
  const [row] = await sealEvents(fixEvents([benchEvent(index++)]), server.audit);
  if (!row) return;
  await plain`
    insert into audit_log (id, occurred_at, recorded_at, organization_id, action, status, target_type, target_id,
      outcome, correlation_id, event_version, data_classification, retention_policy, processing_ms, details,
      actor_token, actor_personal, actor_digest, target_token, target_personal, target_digest, leaf_version, leaf,
      salts)
    values (${row.id}, ${row.occurredAt}::text::timestamptz, ${row.recordedAt}::text::timestamptz,
      ${row.organizationId}, ${row.action}, ${row.status}, ${row.targetType}, ${row.targetId}, ${row.outcome},
      ${row.correlationId}, ${row.eventVersion}, ${row.dataClassification}, ${row.retentionPolicy},
      ${row.processingMs}, ${row.detailsText}::text::jsonb, ${row.actorToken}, ${row.actorPersonal}, ${row.actorDigest},
      ${row.targetToken}, ${row.targetPersonal}, ${row.targetDigest}, ${row.leafVersion}, ${Buffer.from(row.leaf, "hex")},
      ${row.salts})`;
}
