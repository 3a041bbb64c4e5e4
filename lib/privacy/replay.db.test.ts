import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { decodeProtectedHeader } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { append } from "../audit-db/append/append.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import { redactEvents } from "../audit-db/redaction/redact-events.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Vault } from "../audit-db/vault/types.ts";
import { systemActor } from "../auth/actor.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { sqlOf } from "../db/sql-of.ts";
import { replaceEnv } from "../env.ts";
import { searchEvents } from "../events/search-events.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { listRestrictedTokens } from "../key-store/list-restricted-tokens.ts";
import { vaultOn } from "../key-store/open-vault.ts";
import { placeRestriction } from "../key-store/restrictions.ts";
import { replaceSigningKey } from "../key-store/signing-keys.ts";
import { destroyKey, markKey } from "../key-store/subject-keys.ts";
import { createLedgerGate } from "../ledger/gate.ts";
import { lookAtLedger } from "../ledger/look.ts";
import { readMark } from "../ledger/mark.ts";
import { readLedgerHealth } from "../ledger/read-health.ts";
import { receiptOrganization } from "../ledger/receipt-event.ts";
import { attachRedacted } from "../ledger/replay/attach-redacted.ts";
import { writeLedgerEntry } from "../ledger/write-entry.ts";
import { deliverOutbox } from "../outbox/deliver-outbox.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { statesOf } from "../testing/look.ts";
import { takeDump } from "../testing/old-dump.ts";
import { runJob, startTestJobs } from "../testing/run-job.ts";
import { ledgerBehind, receiptUndelivered, receiptUntrusted } from "./check-ledger.ts";
import { getLedger } from "./get-ledger.ts";
import { getReplayPlan } from "./get-replay-plan.ts";
import { createReplayJob } from "./replay-job.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const folder = mkdtempSync(path.join(tmpdir(), "replay-"));
const masterKeyFile = path.join(folder, "master-keys.json");
createMasterKeyFile(masterKeyFile);
const masterKeys = openMasterKeyFile(masterKeyFile);
const sign = { masterKeys, auditTargets: ["audit"] };
const by = { kind: "system", id: "test" };
const replayJob = createReplayJob(0);
afterAll(() => {
  rmSync(folder, { recursive: true });
  replaceEnv({});
});

describe.each([15, 18] as const)("a restored database on PostgreSQL %i", (server) => {
  let log: TestDatabase;
  let own: TestDatabase;
  let urls: { watch: string; read: string; write: string; privacy: string; maintenance: string };
  let console_: ConsoleDb;
  let vault: Vault;
  let audit: AuditDb;

  beforeAll(() => replaceEnv({ MASTER_KEY_FILE: masterKeyFile, LOG_LEVEL: "silent" }));
  beforeEach(async () => {
    [log, own] = await Promise.all([
      createDatabase({ server, template: "audit" }),
      createDatabase({ template: "console", server }),
    ]);
    urls = {
      watch: await log.login(["pg_monitor", "audit_reader"]),
      read: await log.login(["audit_reader"]),
      write: await log.login(["audit_writer"]),
      privacy: await log.login(["audit_privacy"]),
      maintenance: await log.login(["audit_maintainer"]),
    };
    begin();
  });
  afterEach(async () => {
    await end();
    await Promise.all([log.drop(), own.drop()]);
  });

  /** What a process of the console has open. */
  function begin() {
    console_ = openConsoleDb(own.url, { max: 4 });
    vault = vaultOn(console_, masterKeys);
    audit = openAudit();
  }
  function openAudit() {
    return connect({
      target: "audit",
      urls,
      logger: quiet,
      vault,
      admit: createLedgerGate(console_.sql, "audit"),
      restrictedTokens: () => listRestrictedTokens(console_.sql, "audit"),
    });
  }
  async function end() {
    await audit.close();
    await vault.close();
    await console_.close();
  }
  async function startAnew() {
    await end();
    begin();
  }
  const add = async (event: Partial<EventInput>) => {
    const [added] = await append(audit, [
      { organizationId: "o", action: "record.viewed", status: "success", ...event },
    ]);
    if (!added) throw new Error("nothing was appended");
    return added;
  };
  const tokenOf = async (person: string) => (await vault.tokensOf([person], "audit"))[0]?.[0] as string;
  const erase = async (token: string) => {
    await console_.db.transaction(async (tx) => {
      const [key] = await sqlOf(tx)<{ id: string }[]>`
        select encode(key_id, 'hex') as id from vault.subject_key where token = ${token}`;
      const facts = { token, keyId: key?.id as string, policies: ["standard"] };
      await writeLedgerEntry(tx, {
        entry: { kind: "erasure", target: "audit", facts },
        by,
        now: new Date(),
        sign,
      });
      await markKey(sqlOf(tx), token);
      await destroyKey(sqlOf(tx), token, 0);
    });
  };
  const restrict = (token: string) =>
    console_.db.transaction(async (tx) => {
      const [key] = await sqlOf(tx)<{ subject: string }[]>`
        select subject from vault.subject_key where token = ${token}`;
      const subject = key?.subject as string;
      const now = new Date();
      const ground = "objection_pending";
      await placeRestriction(tx, {
        id: uuidV7(),
        subject,
        ground,
        reason: "r",
        by: { id: null, name: "n" },
        now,
      });
      const facts = { tokens: [token], ground };
      await writeLedgerEntry(tx, { entry: { kind: "restriction", target: "audit", facts }, by, now, sign });
    });
  const redact = async (event: { id: string; occurredAt: string }) => {
    const { rows } = await redactEvents(audit, [{ ...event, fields: ["details", "outcome"] }]);
    const [row] = rows;
    if (!row) throw new Error("nothing was redacted");
    await console_.db.transaction((tx) =>
      writeLedgerEntry(tx, {
        entry: {
          kind: "redaction",
          target: "audit",
          facts: {
            id: row.id,
            occurredAt: row.occurredAt,
            policy: row.retentionPolicy,
            leafVersion: row.leafVersion,
            leaf: row.leaf,
            fields: row.fields,
            personal: row.personal,
          },
        },
        by,
        now: new Date(),
        sign,
      }),
    );
    return row;
  };
  const deliver = () => deliverOutbox({ console: console_, openTarget: () => audit });
  const search = async () => {
    const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) };
    const { data } = await searchEvents(audit, { ...range, organization: "o" });
    return data.events.map(({ id }) => id).sort();
  };
  /** As another process does it. */
  const withGate = async <T>(work: () => Promise<T>) => {
    const mine = audit;
    audit = openAudit();
    try {
      return await work();
    } finally {
      await audit.close();
      audit = mine;
    }
  };
  const look = () =>
    audit.use("read", "ledger.look", (sql) =>
      lookAtLedger({ console: console_.sql, target: "audit", log: sql }),
    );
  const plan = async () => (await getReplayPlan(console_, audit, new Date())).data;
  const replay = () => runJob({ test: own, console: console_ }, replayJob, { target: "audit" }, { audit });
  const ledger = () => own.sql`
    select entry::int as entry, kind, receipt_id as id, at, by_token, facts, receipt from privacy_ledger order by entry`;
  const standing = async () => {
    const ledger = () => readLedgerHealth(console_.sql, "audit");
    const states: string[] = [];
    for (const check of [ledgerBehind, receiptUndelivered, receiptUntrusted])
      for (const [, state] of await statesOf(check, { audit, ledger, now: new Date(Date.now() + aheadMs) }))
        states.push(state);
    return states;
  };
  let aheadMs = 0;
  const stored = async (id: string) => (await log.sql`select * from audit_log where id = ${id}`)[0];
  const nothing = { entries: [], keys: [], redactions: [], receipts: [], untrusted: [], needed: false };

  test("a console that is older than its log shows nothing until the ledger is replayed, and finds nobody then", async () => {
    const erased = await add({ actor: { id: "erased", email: "erased@example.test" } });
    await add({ actor: { id: "restricted" } });
    const other = await add({ details: { mail: "someone@example.test" }, outcome: "o" });
    const token = await tokenOf("erased");
    const personal = (await stored(erased.id))?.actor_personal;
    const reveal = () =>
      vault.reveal([
        { token, personal, context: `${erased.id}/actor`, target: "audit", policy: "standard" } as never,
      ]);
    // The console knows the key that signs; later ones it could not check.
    await erase(await addSomebody("before"));
    await deliver();
    const dump = await takeDump(own, server);
    if (server === 18) await startAnew();
    await erase(token);
    await restrict(await tokenOf("restricted"));
    await redact(other);
    expect(await deliver()).toMatchObject({ delivered: 3 });
    const whole = await ledger();
    expect(await plan()).toEqual(nothing);
    expect(await search()).toEqual([erased.id, other.id].sort());

    await end();
    await dump.restore();
    begin();
    expect((await ledger()).map(({ entry }) => entry)).toEqual([1]);
    expect(await vault.tokensOf(["erased"], "audit")).toEqual([[token]]);
    await expect(search()).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("This console is older than the log of audit: 3 entries"),
      hint: expect.stringContaining("audit-db privacy replay --target audit --dry-run"),
    });
    expect(await standing()).toEqual(["critical", "ok", "ok"]);
    const planned = await plan();
    expect(planned).toEqual({
      ...nothing,
      entries: whole
        .slice(1)
        .map(({ entry, kind, at, id }) => ({ entry, kind, at: at.toISOString(), receiptId: id })),
      keys: [token],
      needed: true,
    });
    const job = await replay();
    expect(job).toMatchObject({
      state: "done",
      result: { entries: 3, keys: 1, redactions: 0, differing: [], receipts: 0, untrusted: 0 },
    });
    expect(await ledger()).toEqual(whole);
    expect(await plan()).toEqual(nothing);
    expect(await standing()).toEqual(["ok", "ok", "ok"]);
    expect(await vault.tokensOf(["erased"], "audit")).toEqual([[]]);
    expect(await reveal()).toMatchObject([{ state: "erased" }]);
    expect(await search()).toEqual([erased.id, other.id].sort());
    // Numbers go on behind those that came back.
    await erase(await addSomebody("after"));
    expect((await ledger()).map(({ entry }) => entry)).toEqual([1, 2, 3, 4, 5]);
    expect(await replay()).toMatchObject({ state: "done", result: { entries: 0, keys: 0 } });
    await dump.drop();
  });

  async function addSomebody(id: string): Promise<string> {
    await add({ actor: { id }, organizationId: "elsewhere" });
    return tokenOf(id);
  }

  test("a log that is older than the ledger is not read until its values are taken out again", async () => {
    const event = await add({
      details: { mail: "someone@example.test" },
      outcome: "told someone@example.test",
    });
    await erase(await addSomebody("before"));
    await deliver();
    expect(await search()).toEqual([event.id]);
    const dump = await takeDump(log, server);
    if (server === 18) await startAnew();
    const row = await redact(event);
    await erase(await addSomebody("gone"));
    await deliver();
    expect(await look()).toMatchObject({ state: "agrees", newestEntry: 3 });
    const after = await stored(event.id);
    expect(after?.details).toEqual({ redacted: row.fields.details });

    await dump.restore();
    expect((await stored(event.id))?.details).toEqual({ mail: "someone@example.test" });
    // Another table by its oid is noticed by a process that runs; files put back under it by one that starts, or the duty.
    if (server === 18) await startAnew();
    await expect(search()).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining(
        "The database of audit is older than the privacy ledger: 3 of its entries",
      ),
    });
    expect(await readMark(console_.sql, "audit")).toMatchObject({ state: "target_older", behind: 3 });
    expect(await plan()).toEqual({ ...nothing, redactions: [2], receipts: [2, 3], needed: true });
    expect(await replay()).toMatchObject({
      state: "done",
      result: { entries: 0, keys: 0, redactions: 1, differing: [], receipts: 2, untrusted: 0 },
    });
    const page = await getLedger(console_, "audit", { limit: 2, target: "audit" }, () => audit);
    expect(page.entries.map(({ entry, kind, receipt, by }) => [entry, kind, receipt, by])).toEqual([
      [3, "erasure", "pending", "the console"],
      [2, "redaction", "pending", "the console"],
    ]);
    expect(page.next).toBe(2);
    const rest = await getLedger(console_, "audit", { limit: 2, before: 2, target: "audit" }, () => audit);
    expect(rest.entries.map(({ entry, receipt }) => [entry, receipt])).toEqual([[1, "delivered"]]);
    expect(rest.next).toBeNull();
    // Those that wait a day are told of.
    aheadMs = 86_400_000;
    expect(await standing()).toEqual(["ok", "critical", "ok"]);
    expect(await deliver()).toMatchObject({ delivered: 2 });
    expect(await standing()).toEqual(["ok", "ok", "ok"]);
    aheadMs = 0;
    expect(await stored(event.id)).toMatchObject({
      details: after?.details,
      outcome: after?.outcome,
      leaf: after?.leaf,
    });
    const receipts = await log.sql`
      select id from audit_log where organization_id = ${receiptOrganization} order by (details ->> 'entry')::int`;
    expect(receipts.map(({ id }) => id)).toEqual((await ledger()).map(({ id }) => id));
    expect(await plan()).toEqual(nothing);
    expect(await search()).toEqual([event.id]);
    await dump.drop();
  });

  test("what nobody known here signed destroys nothing, and is named", async () => {
    const token = await addSomebody("victim");
    await erase(await addSomebody("other"));
    await deliver();
    const [genuine] = await ledger();
    const forge = (receipt: unknown) =>
      add({
        organizationId: receiptOrganization,
        action: "privacy.erasure",
        details: {
          entry: 2,
          facts: { token, keyId: "0".repeat(32), policies: [] },
          ...(receipt ? { receipt } : {}),
        } as never,
      });
    // Signed by the key of another console.
    const strange = await createDatabase({ template: "console" });
    const stranger = openConsoleDb(strange.url, { max: 2 });
    await stranger.db.transaction(async (tx) => {
      const facts = { token, keyId: "0".repeat(32), policies: ["standard"] };
      await writeLedgerEntry(tx, {
        entry: { kind: "erasure", target: "audit", facts },
        by,
        now: new Date(),
        sign,
      });
    });
    const [other] = await strange.sql`select receipt from privacy_ledger`;
    const [header, payload, signature] = String(genuine?.receipt).split(".");
    const told = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    const changed = Buffer.from(JSON.stringify({ ...told, facts: { ...told.facts, token } })).toString(
      "base64url",
    );
    const forged = [
      ["no signature", await forge(undefined)],
      ["no receipt", await forge("nonsense")],
      ["unknown key", await forge(other?.receipt)],
      ["wrong signature", await forge(`${header}.${changed}.${signature}`)],
      ["another's receipt", await forge(genuine?.receipt)],
    ] as const;
    await stranger.close();
    await strange.drop();
    const { untrusted, ...rest } = await plan();
    expect(rest).toMatchObject({ entries: [], keys: [], needed: false });
    expect(new Map(untrusted.map(({ id, why }) => [id, why]))).toEqual(
      new Map(forged.map(([why, { id }]) => [id, why])),
    );
    expect(await look()).toMatchObject({ state: "agrees", untrusted: 5 });
    expect(await standing()).toEqual(["ok", "ok", "warning"]);
    expect(await replay()).toMatchObject({ state: "done", result: { entries: 0, keys: 0, untrusted: 5 } });
    expect(await vault.tokensOf(["victim"], "audit")).toEqual([[token]]);
    expect(await search()).toEqual([]);
    // Named until they are gone, as with the partition they stand in, and all was compared once more.
    const ids = forged.map(([, { id }]) => id);
    const [row] =
      await log.sql`select tableoid::regclass::text as leaf from audit_log where id = ${ids[0] ?? ""}`;
    await log.sql.begin(async (tx) => {
      await tx.unsafe(`
        alter table ${row?.leaf} disable trigger all;
        delete from ${row?.leaf} where id in (${ids.map((id) => `'${id}'`).join(", ")});
        alter table ${row?.leaf} enable trigger all`);
    });
    expect(await replay()).toMatchObject({ state: "done", result: { untrusted: 0 } });
    expect(await standing()).toEqual(["ok", "ok", "ok"]);
  });

  test.runIf(server === 15)("a replay that is killed in the middle comes to the same end", async () => {
    const people = Array.from({ length: 150 }, (_, n) => `p-${n}`);
    await append(
      audit,
      people.map((id) => ({ organizationId: "o", action: "a.b", status: "success", actor: { id } })),
    );
    const tokens = (await vault.tokensOf(people, "audit")).map(([token]) => token as string);
    await console_.db.transaction(async (tx) => replaceSigningKey(tx, masterKeys));
    const dump = await takeDump(own, server);
    for (const token of tokens) await erase(token);
    while ((await deliver()).delivered > 0);
    const whole = await ledger();
    await end();
    await dump.restore();
    begin();
    const id = await console_.db.transaction(async (tx) => {
      const job = await enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, replayJob, {
        target: "audit",
      });
      return job.id;
    });
    const worker = spawn(
      process.execPath,
      [path.resolve(import.meta.dirname, "../testing/replay-ledger.ts"), own.url, JSON.stringify(urls)],
      { stdio: "ignore" },
    );
    const written = async () =>
      (await own.sql`select count(*)::int as n from privacy_ledger`)[0]?.n as number;
    await vi.waitFor(async () => expect(await written()).toBeGreaterThan(10), {
      timeout: 60_000,
      interval: 2,
    });
    worker.kill("SIGKILL");
    const then = await written();
    expect(then).toBeLessThan(whole.length);
    await expect(search()).rejects.toMatchObject({ code: "CONFLICT" });
    const work = startTestJobs({ test: own, console: console_ }, { jobs: [replayJob], targets: { audit } });
    await vi.waitFor(
      async () =>
        expect((await own.sql`select state, attempt from job where id = ${id}`)[0]).toMatchObject({
          state: "done",
        }),
      { timeout: 60_000, interval: 100 },
    );
    await work.stop();
    expect(await ledger()).toEqual(whole);
    expect((await vault.tokensOf(people, "audit")).flat()).toEqual([]);
    expect(await own.sql`select from vault.subject_key where state <> 'erased'`).toEqual([]);
    expect(await plan()).toEqual(nothing);
    await dump.drop();
  });

  test("a table that brings redacted values back is attached while nobody reads, and they are taken out first", async () => {
    const event = await add({ details: { mail: "someone@example.test" }, outcome: "o" });
    const [{ part = "" } = {}] = await log.sql`
      select tableoid::regclass::text as part from audit_log where id = ${event.id}`;
    const [{ bounds = "" } = {}] = await log.sql`
      select pg_get_expr(relpartbound, oid) as bounds from pg_class where oid = ${part}::regclass`;
    await log.sql.unsafe(`create table older (like ${part} including all); insert into older select * from ${part};
      alter table older owner to audit_maintainer`);
    await redact(event);
    await deliver();
    expect(await search()).toEqual([event.id]);
    await log.sql.unsafe(`alter table audit_log_standard detach partition ${part}`);
    const notes: string[] = [];
    const given = {
      console: console_.sql,
      audit,
      table: "public.older",
      under: "public.audit_log_standard",
      signal: new AbortController().signal,
      log: (line: string) => notes.push(line),
      waitMs: 0,
    };
    const attach = async () => {
      await log.sql.unsafe(`alter table audit_log_standard attach partition older ${bounds}`);
      expect((await stored(event.id))?.details).toEqual({ mail: "someone@example.test" });
      await expect(withGate(search)).rejects.toMatchObject({ code: "CONFLICT" });
      // Whoever compares finds the values there, and before they were nothing said so.
      expect(await look()).toMatchObject({ state: "target_older", behind: 1 });
      return "attached";
    };
    const without = { ...given, audit: { ...audit, can: () => false } };
    await expect(attachRedacted(without, attach)).rejects.toMatchObject({
      code: "CONFLICT",
      message:
        "public.older holds 1 value that was redacted, and there is no privacy connection to take it out again.",
    });
    expect(await attachRedacted(given, attach)).toBe("attached");
    expect(notes).toEqual([
      "1 redaction will be replayed on public.older; nobody is shown events until then.",
      "1 redaction replayed.",
    ]);
    expect((await stored(event.id))?.details).toEqual({ redacted: expect.stringMatching(/^[0-9a-f]{64}$/) });
    // The receipt stood in the table that was detached: it is missed, and delivered again by a replay.
    expect(await plan()).toMatchObject({ redactions: [], receipts: [1] });
  });

  test("a console that does not know the key any more trusts no receipt of it", async () => {
    const token = await addSomebody("erased");
    const dump = await takeDump(own, server);
    if (server === 18) await startAnew();
    await erase(token);
    // What a replaced key signed stays signed.
    await console_.db.transaction((tx) => replaceSigningKey(tx, masterKeys));
    await deliver();
    expect(await plan()).toEqual(nothing);
    const [entry] = await ledger();
    await end();
    await dump.restore();
    begin();
    expect((await plan()).untrusted).toEqual([
      {
        id: entry?.id,
        occurredAt: expect.any(String),
        action: "privacy.erasure",
        why: "unknown key",
        kid: decodeProtectedHeader(String(entry?.receipt)).kid,
      },
    ]);
    expect(await replay()).toMatchObject({ state: "done", result: { entries: 0, keys: 0, untrusted: 1 } });
    expect(await ledger()).toEqual([]);
    await dump.drop();
  });
});
