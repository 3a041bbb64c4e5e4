import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Row } from "postgres";
import { append } from "../audit-db/append/append.ts";
import type { Appended } from "../audit-db/append/appended.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import { redactEvents } from "../audit-db/redaction/redact-events.ts";
import type { RedactedRow } from "../audit-db/redaction/types.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createMasterKeyFile, openMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { MasterKeys, Vault } from "../audit-db/vault/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { sqlOf } from "../db/sql-of.ts";
import { replaceEnv } from "../env.ts";
import { searchEvents } from "../events/search-events.ts";
import { listRestrictedTokens } from "../key-store/list-restricted-tokens.ts";
import { vaultOn } from "../key-store/open-vault.ts";
import { placeRestriction } from "../key-store/restrictions.ts";
import { destroyKey, markKey } from "../key-store/subject-keys.ts";
import type { LedgerEntry } from "../ledger/entry.ts";
import { createLedgerGate } from "../ledger/gate.ts";
import { lookAtLedger } from "../ledger/look.ts";
import type { LedgerMark } from "../ledger/mark.ts";
import { readLedgerHealth } from "../ledger/read-health.ts";
import { writeLedgerEntry } from "../ledger/write-entry.ts";
import { deliverOutbox } from "../outbox/deliver-outbox.ts";
import { ledgerBehind, receiptUndelivered, receiptUntrusted } from "../privacy/ledger/check-ledger.ts";
import { getReplayPlan, type PlannedReplay } from "../privacy/ledger/get-replay-plan.ts";
import { createReplayJob } from "../privacy/ledger/replay-job.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { statesOf } from "./look.ts";
import { runJob } from "./run-job.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const by = { kind: "system", id: "test" };
/** Whoever replays in tests waits for no key's time. */
export const testReplayJob = createReplayJob(0);
/** What a plan says where log and ledger agree. */
export const nothingToReplay = {
  entries: [],
  keys: [],
  redactions: [],
  receipts: [],
  untrusted: [],
  needed: false,
};

/** A console and the log of one target, `audit`, each of which may be put back to an older state of its own. */
export interface ReplayWorld {
  log: TestDatabase;
  own: TestDatabase;
  /** Of the log, by purpose. */
  urls: Record<"watch" | "read" | "write" | "privacy" | "maintenance", string>;
  masterKeyFile: string;
  masterKeys: MasterKeys;
  /** What a process of the console has open; others after `begin`. */
  readonly console: ConsoleDb;
  readonly vault: Vault;
  readonly audit: AuditDb;
  begin(): void;
  end(): Promise<void>;
  startAnew(): Promise<void>;
  add(event: Partial<EventInput>): Promise<Appended>;
  /** Somebody with one event that no search of tests finds. @returns their token */
  addSomebody(id: string): Promise<string>;
  tokenOf(person: string): Promise<string>;
  /** Each with its entry and receipt, as the product does it. */
  erase(token: string): Promise<void>;
  restrict(token: string): Promise<void>;
  redact(event: { id: string; occurredAt: string }): Promise<RedactedRow>;
  deliver(): ReturnType<typeof deliverOutbox>;
  /** Ids of what a reader finds in the organisation `o`. */
  search(): Promise<string[]>;
  /** As another process does it. */
  withGate<T>(work: () => Promise<T>): Promise<T>;
  look(): Promise<LedgerMark | null>;
  plan(): Promise<PlannedReplay>;
  replay(): Promise<Record<string, unknown>>;
  ledger(): Promise<Row[]>;
  /** States of the three checks of the ledger, as they will be then. */
  standing(aheadMs?: number): Promise<string[]>;
  stored(id: string): Promise<Row | undefined>;
  close(): Promise<void>;
}

export async function startReplayWorld(server: 15 | 18): Promise<ReplayWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "replay-"));
  const masterKeyFile = path.join(folder, "master-keys.json");
  createMasterKeyFile(masterKeyFile);
  const masterKeys = openMasterKeyFile(masterKeyFile);
  replaceEnv({ MASTER_KEY_FILE: masterKeyFile, LOG_LEVEL: "silent" });
  const [log, own] = await Promise.all([
    createDatabase({ server, template: "audit" }),
    createDatabase({ template: "console", server }),
  ]);
  const urls = {
    watch: await log.login(["pg_monitor", "audit_reader"]),
    read: await log.login(["audit_reader"]),
    write: await log.login(["audit_writer"]),
    privacy: await log.login(["audit_privacy"]),
    maintenance: await log.login(["audit_maintainer"]),
  };
  let console_: ConsoleDb;
  let vault: Vault;
  let audit: AuditDb;
  const openAudit = () =>
    connect({
      target: "audit",
      urls,
      logger: quiet,
      vault,
      admit: createLedgerGate(console_.sql, "audit"),
      restrictedTokens: () => listRestrictedTokens(console_.sql, "audit"),
    });
  const write = (
    entry: LedgerEntry,
    work: (sql: ReturnType<typeof sqlOf>) => Promise<void> = async () => {},
  ) =>
    console_.db.transaction(async (tx) => {
      const sign = { masterKeys, auditTargets: ["audit"] };
      await writeLedgerEntry(tx, { entry, by, now: new Date(), sign });
      await work(sqlOf(tx));
    });
  const world: ReplayWorld = {
    log,
    own,
    urls,
    masterKeyFile,
    masterKeys,
    get console() {
      return console_;
    },
    get vault() {
      return vault;
    },
    get audit() {
      return audit;
    },
    begin() {
      console_ = openConsoleDb(own.url, { max: 4 });
      vault = vaultOn(console_, masterKeys);
      audit = openAudit();
    },
    async end() {
      await audit.close();
      await vault.close();
      await console_.close();
    },
    async startAnew() {
      await world.end();
      world.begin();
    },
    async add(event) {
      const [added] = await append(audit, [
        { organizationId: "o", action: "record.viewed", status: "success", ...event },
      ]);
      if (!added) throw new Error("nothing was appended");
      return added;
    },
    async addSomebody(id) {
      await world.add({ actor: { id }, organizationId: "elsewhere" });
      return world.tokenOf(id);
    },
    tokenOf: async (person) => (await vault.tokensOf([person], "audit"))[0]?.[0] as string,
    async erase(token) {
      const [key] = await own.sql<{ id: string }[]>`
        select encode(key_id, 'hex') as id from vault.subject_key where token = ${token}`;
      const facts = { token, keyId: key?.id as string, policies: ["standard"] };
      await write({ kind: "erasure", target: "audit", facts }, async (sql) => {
        await markKey(sql, token);
        await destroyKey(sql, token, 0);
      });
    },
    async restrict(token) {
      const ground = "objection_pending" as const;
      await console_.db.transaction(async (tx) => {
        const [key] = await sqlOf(tx)<{ subject: string }[]>`
          select subject from vault.subject_key where token = ${token}`;
        const subject = key?.subject as string;
        const placed = { id: uuidV7(), subject, ground, reason: "r", by: { id: null, name: "n" } };
        await placeRestriction(tx, { ...placed, now: new Date() });
      });
      await write({ kind: "restriction", target: "audit", facts: { tokens: [token], ground } });
    },
    async redact(event) {
      const { rows } = await redactEvents(audit, [{ ...event, fields: ["details", "outcome"] }]);
      const [row] = rows;
      if (!row) throw new Error("nothing was redacted");
      const { id, occurredAt, retentionPolicy: policy, leafVersion, leaf, fields, personal } = row;
      const facts = { id, occurredAt, policy, leafVersion, leaf, fields, personal };
      await write({ kind: "redaction", target: "audit", facts });
      return row;
    },
    deliver: () => deliverOutbox({ console: console_, openTarget: () => audit }),
    async search() {
      const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) };
      const { data } = await searchEvents(audit, { ...range, organization: "o" });
      return data.events.map(({ id }) => id).sort();
    },
    async withGate(work) {
      const mine = audit;
      audit = openAudit();
      try {
        return await work();
      } finally {
        await audit.close();
        audit = mine;
      }
    },
    look: () =>
      audit.use("read", "ledger.look", (sql) =>
        lookAtLedger({ console: console_.sql, target: "audit", log: sql }),
      ),
    plan: async () => (await getReplayPlan(console_, audit, new Date())).data,
    replay: () => runJob({ test: own, console: console_ }, testReplayJob, { target: "audit" }, { audit }),
    ledger: () => own.sql`
      select entry::int as entry, kind, receipt_id as id, at, by_token, facts, receipt from privacy_ledger order by entry`,
    async standing(aheadMs = 0) {
      const ledger = () => readLedgerHealth(console_.sql, "audit");
      const states: string[] = [];
      for (const check of [ledgerBehind, receiptUndelivered, receiptUntrusted])
        for (const [, state] of await statesOf(check, { audit, ledger, now: new Date(Date.now() + aheadMs) }))
          states.push(state);
      return states;
    },
    stored: async (id) => (await log.sql`select * from audit_log where id = ${id}`)[0],
    async close() {
      await world.end();
      await Promise.all([log.drop(), own.drop()]);
      rmSync(folder, { recursive: true });
      replaceEnv({});
    },
  };
  world.begin();
  return world;
}
