import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { demoController } from "../requests/controllers/demo-controller.ts";

/** Request #1 with all that one can have, under one id. */
export async function addWholeRequest({ sql, db }: ConsoleDb, id: string, at: Date): Promise<void> {
  const decision = {
    ground: null,
    parts: [{ ...{ target: "audit", policy: "phi" }, decision: "refuse", ground: "g" }],
  };
  await db.insert(schema.privacyRequest).values({
    ...{ id, kind: "erasure", regime: "eu", state: "failed", resumesAt: "executing", organizations: ["o"] },
    ...{ targets: ["audit"], country: "DE", timeZone: "Europe/Berlin", language: "de", receivedAt: at },
    ...{
      channel: "webhook",
      reference: "T-1",
      source: "desk",
      submittedByName: "source desk",
      submittedAt: at,
    },
    ...{ sealed: Buffer.alloc(1), dueAt: at, decision, decidedBy: id, decidedByName: "p", decidedAt: at },
    ...{
      executedByName: "p",
      executedAt: at,
      jobId: id,
      problem: "held",
      respondedAt: at,
      personalUntil: at,
    },
  });
  const of = { id, requestId: id };
  const scope = scopeOf(id, at.toISOString());
  await db
    .insert(schema.requestScope)
    .values({ ...of, state: "done", beganAt: at, madeAt: at, targets: [scope], witness: { targets: [] } });
  await db.insert(schema.requestEvent).values({
    ...{ ...of, at, kind: "moved", fromState: "received", toState: "verified", actorName: "p" },
    ...{ actorRole: "privacy_officer", facts: { command: "confirm_identity" }, sealed: Buffer.alloc(1) },
  });
  await db.insert(schema.requestInterval).values({ ...of, kind: "identity", beganAt: at, endedAt: at });
  await db.insert(schema.requestExtension).values({ requestId: id, toldAt: at, by: "p", ground: "number" });
  await db
    .insert(schema.requestFile)
    .values({ ...of, addedAt: at, addedByName: "p", bytes: 1, sha256: "00", mediaType: "text/plain" });
  await db
    .insert(schema.requestPackage)
    .values({ ...of, state: "ready", jobId: id, beganAt: at, readyAt: at });
  const place = {
    kind: "logs",
    where: "f",
    target: null,
    state: "found",
    found: 1,
    ground: "g",
    until: null,
    sql: "s",
  };
  await db
    .insert(schema.requestScan)
    .values({ ...of, state: "done", beganAt: at, endedAt: at, places: [place] });
  await db
    .insert(schema.requestCertificate)
    .values({ ...of, n: 1, signedAt: at, kid: "k", bundle: "{}", sha256: "00" });
  await sql`insert into privacy_request_erasure (request_id, erasure_id) values (${id}, ${id})`;
  await db.insert(schema.privacyController).values({
    ...{ organization: "o", facts: { ...demoController }, changedAt: at, changedByName: "p" },
  });
  await db.insert(schema.intakeSource).values({
    ...{ name: "desk", enabled: true, defaults: { kind: "access", fields: { reference: "/id" } } },
    ...{ createdAt: at, createdByName: "p" },
  });
}

function scopeOf(id: string, at: string) {
  return {
    ...{ target: "audit", problem: null, events: 1, asActor: 1, asTarget: 0, clearEvents: 1 },
    policies: [
      {
        ...{
          policy: "phi",
          legalBasis: "law",
          basis: null,
          floorDays: 1,
          events: 1,
          oldest: at,
          newest: at,
        },
        ...{ free: 0, floored: 0, held: 1, until: at, restricted: false, quarantined: 0, outcome: "held" },
        ...{ sharedKey: false, holds: [{ id, number: 1, name: "Case 1", events: 1 }] },
      },
    ],
    partitions: [{ partition: "p", policy: "phi", month: "2026-11", events: 1 }],
    actions: [{ action: "a.b", events: 1 }],
    classes: [{ classification: "PHI", events: 1 }],
    months: [{ month: "2026-11", policy: "phi", events: 1 }],
    samples: [{ id, occurredAt: at, action: "a.b", policy: "phi", role: "actor" }],
    clear: [{ id, occurredAt: at, policy: "phi", fields: ["details"] }],
  };
}
