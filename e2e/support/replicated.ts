import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { createMasterKeyFile } from "../../lib/audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "../../lib/db/console-db.ts";
import { type Cluster, freePort, protectedSettings, startCluster } from "../../lib/testing/cluster.ts";
import { type Standby, startStandby } from "../../lib/testing/standby.ts";
import { prepareAuditServer, urlOf } from "./audit-server.ts";
import { startConsole, stopConsole } from "./console.ts";
import { createPeople, people } from "./people.ts";
import { world } from "./world.ts";

/** A primary with two standbys, and a console of its own that watches them as the target `copies`. */
export interface Replicated {
  address: string;
  primary: Cluster;
  /** Reads through the slot `replica_a`. */
  first: Standby;
  second: Standby;
  /** Superuser clients of the audit database on each. */
  sql: Record<"primary" | "first" | "second", Sql>;
  close(): Promise<void>;
}

/** The slot `forgotten` is read by nobody; WAL is archived to nowhere, successfully. */
export async function startReplicated(): Promise<Replicated> {
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const primary = await startCluster(18, {
      ...protectedSettings,
      // What was committed is what standbys can be behind of.
      synchronous_commit: "on",
      archive_mode: "on",
      archive_command: "true",
      wal_keep_size: "128MB",
      // Nothing is written beside what the spec writes.
      autovacuum_naptime: "1d",
    });
    undo.push(() => primary.destroy());
    const audit = await prepareAuditServer(primary);
    const client = (server: Cluster) => {
      const made = postgres(urlOf(server.url, { database: "audit" }), {
        max: 1,
        onnotice: () => {},
        onclose: () => {},
      });
      undo.push(() => made.end({ timeout: 1 }));
      return made;
    };
    const admin = client(primary);
    for (const slot of ["replica_a", "forgotten"])
      await admin`select pg_create_physical_replication_slot(${slot}, true)`;
    const first = await startStandby(primary, {
      name: "replica-a",
      settings: { primary_slot_name: "replica_a" },
    });
    undo.push(() => first.destroy());
    const second = await startStandby(primary, { name: "replica-b" });
    undo.push(() => second.destroy());
    const consoleUrl = await createConsoleDatabase();
    const port = await freePort();
    const dataDir = mkdtempSync(path.join(tmpdir(), "audit-e2e-copies-"));
    undo.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const masterKeyFile = path.join(dataDir, "master-key.json");
    createMasterKeyFile(masterKeyFile);
    const address = `http://127.0.0.1:${port}`;
    const watched = (server: Cluster) => {
      const url = new URL(audit.watchUrl);
      url.port = String(server.port);
      return url.href;
    };
    const child = await startConsole({
      CONSOLE_DATABASE_URL: consoleUrl,
      AUDIT_DATABASES: JSON.stringify({
        copies: {
          database_url: audit.watchUrl,
          writer_url: audit.writerUrl,
          replica_urls: [watched(first), watched(second)],
        },
      }),
      NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
      NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
      NEXTAUTH_URL: address,
      ADMIN_EMAIL: people.admin.email,
      ADMIN_PASSWORD: people.admin.password,
      MASTER_KEY_FILE: masterKeyFile,
      DATA_DIR: dataDir,
      PORT: String(port),
      // What it is told about fail-over is the spec's doing.
      LOG_LEVEL: "error",
    });
    undo.push(() => stopConsole(child));
    const console = openConsoleDb(consoleUrl, { max: 1 });
    await createPeople(console);
    await console.close();
    return {
      address,
      primary,
      first,
      second,
      sql: { primary: admin, first: client(first), second: client(second) },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Another database on the server that holds the console's; both go together. */
async function createConsoleDatabase(): Promise<string> {
  const name = `copies_${randomBytes(4).toString("hex")}`;
  const sql = postgres(world().consoleUrl, { max: 1, onnotice: () => {} });
  await sql`create database ${sql(name)}`;
  await sql.end();
  return urlOf(world().consoleUrl, { database: name });
}
