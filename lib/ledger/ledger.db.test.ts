import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { personToken } from "../db/record.ts";
import { findPublicKey } from "../key-store/sign.ts";
import { deliverOutbox } from "../outbox/deliver-outbox.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addActor, createConsole } from "../testing/people.ts";
import type { LedgerEntry } from "./entry.ts";
import { keepLedger } from "./keep-ledger.ts";
import { listLedger } from "./list-ledger.ts";
import { readMark } from "./mark.ts";
import { judgeReceipt } from "./receipt.ts";
import { countRedactedEvents, redactionsOf } from "./redactions-of.ts";
import { writeLedgerEntry } from "./write-entry.ts";

const folder = mkdtempSync(path.join(tmpdir(), "ledger-"));
const file = path.join(folder, "master-keys.json");
createMasterKeyFile(file);
const masterKeys = openMasterKeyFile(file);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const now = new Date("2026-11-20T10:00:00.123Z");
let own: Awaited<ReturnType<typeof createConsole>>;
let console_: ConsoleDb;
let log: TestDatabase;
let audit: AuditDb;
let officer: Actor;

beforeAll(async () => {
  [own, log] = await Promise.all([
    createConsole(),
    createDatabase({ template: "audit", since: now.getTime() - 86_400_000 * 40 }),
  ]);
  console_ = own.console;
  audit = connect({
    target: "audit",
    urls: {
      watch: await log.login(["pg_monitor"]),
      read: await log.login(["audit_reader"]),
      write: await log.login(["audit_writer"]),
    },
    logger: quiet,
  });
  officer = await addActor(console_, "privacy_officer");
});
afterAll(async () => {
  await audit.close();
  await Promise.all([own.drop(), log.drop()]);
  rmSync(folder, { recursive: true });
});

const write = (entry: LedgerEntry, keys: typeof masterKeys | null = masterKeys) =>
  console_.db.transaction((tx) =>
    writeLedgerEntry(tx, {
      entry,
      by: { kind: "user", id: officer.id },
      now,
      sign: { masterKeys: keys ?? undefined, auditTargets: ["audit"] },
    }),
  );
const token = "person_1";
const erasure: LedgerEntry = {
  kind: "erasure",
  target: "audit",
  facts: { token, keyId: "a".repeat(32), policies: ["standard"] },
};
const redaction = (id: string, occurredAt: string, fields: object = { details: "c".repeat(64) }) =>
  ({
    kind: "redaction",
    target: "audit",
    facts: { id, occurredAt, policy: "standard", leafVersion: 2, leaf: "b".repeat(64), fields, personal: [] },
  }) as LedgerEntry;
const event = "01939d0a-0000-7000-8000-00000000000";

test("an entry is a row, a signed receipt and its delivery, or nothing of it", async () => {
  const number = await write(erasure);
  const [row] = await own.test.sql`select * from privacy_ledger where entry = ${number}`;
  expect(row).toMatchObject({
    kind: "erasure",
    target: "audit",
    facts: erasure.facts,
    at: now,
    by_token: personToken(officer.id),
  });
  expect(Buffer.from(String(row?.receipt).split(".")[0] ?? "", "base64url").toString()).toMatch(
    /^\{"typ":"audit-db-privacy-receipt","alg":"EdDSA"/,
  );
  expect(decodeProtectedHeader(row?.receipt).kid).toMatch(/^[\w-]{43}$/);
  expect(await judgeReceipt(row?.receipt, (kid) => findPublicKey(console_.sql, kid))).toEqual({
    trusted: true,
    receipt: {
      ...erasure,
      entry: number,
      receiptId: row?.receipt_id,
      at: now.toISOString(),
      by: personToken(officer.id),
    },
  });
  // The delivery that is told of, and that of the key which was made for it.
  expect(await deliverOutbox({ console: console_, openTarget: () => audit })).toMatchObject({ delivered: 2 });
  const [stored] = await log.sql`select * from audit_log where id = ${row?.receipt_id}`;
  expect(stored).toMatchObject({
    occurred_at: now,
    organization_id: "console_privacy",
    retention_policy: "standard",
    action: "privacy.erasure",
    status: "success",
    actor_token: personToken(officer.id),
    target_type: "privacy_ledger",
    target_id: String(number),
    details: { entry: number, facts: erasure.facts, receipt: row?.receipt },
  });
  const failed = console_.db.transaction(async (tx) => {
    await writeLedgerEntry(tx, {
      entry: erasure,
      by: { kind: "system", id: null },
      now,
      sign: { masterKeys, auditTargets: [] },
    });
    throw new Error("what it is about failed");
  });
  await expect(failed).rejects.toThrow("what it is about failed");
  expect(await own.test.sql`select from privacy_ledger`).toHaveLength(1);
  expect(await own.test.sql`select from outbox where state = 'pending'`).toHaveLength(0);
});

test("entries stay as they were written", async () => {
  const refused = { code: "42501", message: expect.stringContaining("the privacy ledger is append-only") };
  for (const change of [
    own.test.sql`update privacy_ledger set facts = '{}'`,
    own.test.sql`delete from privacy_ledger`,
    own.test.sql`truncate privacy_ledger`,
  ])
    await expect(change).rejects.toMatchObject(refused);
});

test("without master keys there is an entry whose receipt nobody signed", async () => {
  const number = await write(
    { kind: "restriction", target: "audit", facts: { tokens: [token], ground: "x" } },
    null,
  );
  const [row] = await own.test.sql`select receipt from privacy_ledger where entry = ${number}`;
  expect(row?.receipt).toBeNull();
  await deliverOutbox({ console: console_, openTarget: () => audit });
  await keepLedger({ console: console_.sql, audit }, new AbortController().signal);
  // The ledger knows it: that is enough for as long as the console was not restored.
  expect(await readMark(console_.sql, "audit")).toMatchObject({
    state: "agrees",
    untrusted: 0,
    newestEntry: number,
  });
});

test("redactions of an event and of a stretch are counted as events", async () => {
  await write(redaction(`${event}1`, "2026-11-01T00:00:00.000001Z"));
  await write(redaction(`${event}1`, "2026-11-01T00:00:00.000001Z", { outcome: "d".repeat(64) }));
  await write(redaction(`${event}2`, "2026-11-30T23:59:59.999999Z", { targetId: null }));
  await write(redaction(`${event}3`, "2026-12-01T00:00:00Z"));
  const ofEvent = await redactionsOf(console_.sql, "audit", `${event}1`);
  expect(ofEvent).toEqual([
    { entry: ofEvent[0]?.entry, leaf: "b".repeat(64), fields: ["details"], at: now.toISOString() },
    { entry: ofEvent[1]?.entry, leaf: "b".repeat(64), fields: ["outcome"], at: now.toISOString() },
  ]);
  expect(await redactionsOf(console_.sql, "other", `${event}1`)).toEqual([]);
  const count = (from: string | null, to: string | null, policy = "standard") =>
    countRedactedEvents(console_.sql, {
      target: "audit",
      policy,
      from: from === null ? null : new Date(from),
      to: to === null ? null : new Date(to),
    });
  expect(await count("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")).toBe(2);
  expect(await count("2026-12-01T00:00:00Z", null)).toBe(1);
  expect(await count(null, null)).toBe(3);
  expect(await count(null, null, "phi")).toBe(0);
});

test("the list goes back page by page, with names of people the console knows", async () => {
  const all = await listLedger(console_.sql, { limit: 100 });
  const numbers = all.map(({ entry }) => entry);
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  const [person] = await own.test.sql`select email from users where id = ${officer.id}`;
  expect(new Set(all.map(({ name }) => name))).toEqual(new Set([person?.email]));
  const page = await listLedger(console_.sql, { limit: 2, before: numbers[1] });
  expect(page.map(({ entry }) => entry)).toEqual(numbers.slice(2, 5));
  const kinds = await listLedger(console_.sql, { limit: 9, kind: "erasure" });
  expect(kinds.map(({ kind, delivery }) => [kind, delivery])).toEqual([["erasure", "delivered"]]);
  expect(await listLedger(console_.sql, { limit: 9, target: "other" })).toEqual([]);
});
