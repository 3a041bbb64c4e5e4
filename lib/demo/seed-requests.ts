import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { findMasterKeys } from "../key-store/open-master-keys.ts";
import type { RequestKind } from "../request-law/kinds.ts";
import { clockColumns } from "../requests/clock/move-clock.ts";
import { insertRequest } from "../requests/intake/insert-request.ts";
import { sealRequest, withIntake } from "../requests/intake/seal-request.ts";
import { endColumns } from "../requests/life/end-request.ts";
import { moveRequest, type RequestActor, writeRequestEvent } from "../requests/move-request.ts";
import { type RequestRow, updateRequest } from "../requests/read-request.ts";
import { demoController } from "./request-controller.ts";
import { personEvents } from "./request-events.ts";
import { type Asking, erika, everybodyAsking, jane, jean, otto } from "./request-people.ts";

const source = "demo";
const dayMs = 86_400_000;

/** Who works on the demo's requests: nobody who could sign in. */
const clerk: RequestActor = {
  name: "Demo Clerk",
  role: "privacy_officer",
  person: { id: "00000000-0000-7000-8000-00000000c1e4", email: "clerk@demo.example" },
};
const officer: RequestActor = {
  name: "Demo Officer",
  role: "privacy_officer",
  person: { id: "00000000-0000-7000-8000-0000000ff1ce", email: "officer@demo.example" },
};

export interface Seeding {
  console: ConsoleDb;
  audit: Pick<AuditDb, "append">;
  auditTargets: readonly string[];
  now: Date;
}

/**
 * Five requests in different states, one of them overdue, of invented people whose events stand in the demo's log. Once: a
 * demo that has them is left alone. @returns how many were made
 */
export async function seedRequests(seeding: Seeding): Promise<number> {
  const { console, audit, auditTargets, now } = seeding;
  if (!findMasterKeys()) return 0;
  const [seeded] = await console.sql`select from privacy_request where source = ${source} limit 1`;
  if (seeded) return 0;
  // Before the requests: killed in between, it writes some events more the next time.
  await audit.append(everybodyAsking.flatMap((asking) => personEvents(asking, now)));
  return console.db.transaction(async (tx) => {
    await tx.insert(schema.privacyController).values(demoController(now)).onConflictDoNothing();
    const ago = (days: number) => new Date(now.getTime() - days * dayMs);
    const open = async (n: number, kind: RequestKind, { person }: Asking, days: number) => {
      const at = ago(days);
      const given = { kind, person, organizations: [], targets: [], receivedAt: at, reference: `DEMO-${n}` };
      const sealed = await withIntake({ tx, auditTargets, now: at }, (intake) =>
        sealRequest(intake, given, "form"),
      );
      return insertRequest(tx, sealed, { actor: clerk, source }, at);
    };
    await refused(tx, await open(1, "erasure", otto, 75), ago);
    const overdue = await open(2, "access", erika, 40);
    await extended(tx, await open(3, "access", jane, 50), ago);
    const standing = await open(4, "portability", jean, 12);
    await writeRequestEvent(tx, standing, { kind: "identity_asked", actor: clerk, now: ago(10) });
    await moveRequest(tx, standing, "ask_identity", { actor: clerk, now: ago(10) });
    await duplicate(tx, await open(5, "access", erika, 15), overdue, ago(14));
    return 5;
  });
}

type Ago = (days: number) => Date;

/** Confirms who asks. */
async function confirmed(tx: Tx, row: RequestRow, now: Date): Promise<RequestRow> {
  const facts = { method: "known_contact", result: "confirmed" };
  await writeRequestEvent(tx, row, { kind: "identity_seen", actor: clerk, now, facts });
  return moveRequest(tx, row, "confirm_identity", { actor: clerk, now });
}

/** Refused as excessive, answered and closed. */
async function refused(tx: Tx, opened: RequestRow, ago: Ago): Promise<void> {
  const seen = await confirmed(tx, opened, ago(73));
  const decided = await moveRequest(tx, seen, "refuse", {
    ...{ actor: officer, now: ago(65), guard: { decided: true } },
    set: {
      decision: { ground: "eu_12_5_b_excessive", parts: [] },
      decidedBy: officer?.person?.id ?? null,
      decidedByName: officer?.person?.email ?? null,
      decidedAt: ago(65),
    },
    facts: { grounds: ["eu_12_5_b_excessive"] },
  });
  await writeRequestEvent(tx, decided, {
    kind: "told",
    actor: clerk,
    now: ago(64),
    facts: { channel: "email" },
  });
  const told = await updateRequest(tx, decided, { respondedAt: ago(64) });
  const set = await endColumns(tx, told, ago(63));
  await moveRequest(tx, told, "close", { actor: clerk, now: ago(63), set });
}

/** Extended within the first month, since there is much. */
async function extended(tx: Tx, opened: RequestRow, ago: Ago): Promise<void> {
  const seen = await confirmed(tx, opened, ago(48));
  const told = { requestId: seen.id, toldAt: ago(30), by: "clerk@demo.example", ground: "complexity" };
  await tx.insert(schema.requestExtension).values(told);
  await writeRequestEvent(tx, seen, {
    kind: "extended",
    actor: clerk,
    now: ago(30),
    facts: { ground: "complexity" },
  });
  await updateRequest(tx, seen, await clockColumns(tx, seen, ago(30)));
}

async function duplicate(tx: Tx, opened: RequestRow, of: RequestRow, now: Date): Promise<void> {
  await writeRequestEvent(tx, opened, { kind: "linked", actor: clerk, now, facts: { of: of.number } });
  await writeRequestEvent(tx, of, { kind: "linked", actor: clerk, now, facts: { duplicate: opened.number } });
  const set = { ...(await endColumns(tx, opened, now)), duplicateOf: of.id };
  await moveRequest(tx, opened, "mark_duplicate", { actor: clerk, now, set });
}
