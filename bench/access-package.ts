import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { uuidV7 } from "../lib/audit-db/append/uuid-v7.ts";
import { extendPartitions } from "../lib/audit-db/schema/extend-partitions.ts";
import { openMasterKeyFile } from "../lib/audit-db/vault/file-master-keys.ts";
import { systemActor } from "../lib/auth/actor.ts";
import { type ConsoleDb, openConsoleDb } from "../lib/db/console-db.ts";
import { schema } from "../lib/db/schema.ts";
import { enqueueJob } from "../lib/jobs/enqueue-job.ts";
import { packageJob } from "../lib/requests/package/package-job.ts";
import { createRequestKey, sealPerson } from "../lib/requests/sealed.ts";
import { benchEvent, startAppendServer } from "./support/append-server.ts";
import { memoryOfTree, watchMemory } from "./support/process-memory.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Rows a second of a whole package of access, from the job's first claim to its end (read, decrypted, told as JSON and CSV,
 * compressed, sealed, letter, encrypted archive, read again and compared) by a worker of its own, against psql's COPY of every
 * column of the same rows, in turns, on one PostgreSQL 18. One person is in every row; in each tenth somebody else as well.
 * PACKAGE_ROWS=2000000 PACKAGE_ROUNDS=1 for the run that shows that memory stays level.
 */
const rows = Number(process.env.PACKAGE_ROWS ?? 200_000);
const rounds = Number(process.env.PACKAGE_ROUNDS ?? 3);
const psql = "/usr/lib/postgresql/15/bin/psql";
const person = {
  id: "user-of-the-benchmark",
  name: "Somebody Withaname",
  ip: "192.0.2.17",
  userAgent: "Mozilla/5.0",
};
const batch = 1_000;
const spanMs = 50 * 86_400_000;

if (!existsSync(psql)) throw new Error(`${psql} is not there: the other side cannot be measured`);
const server = await startAppendServer(2);
const console_ = openConsoleDb(server.consoleUrl, { max: 4 });
const environment = {
  ...process.env,
  AUDIT_DATABASES: JSON.stringify({ bench: { database_url: server.auditUrl } }),
  CONSOLE_DATABASE_URL: server.consoleUrl,
  MASTER_KEY_FILE: server.masterKeyFile,
  NEXTAUTH_SECRET: "0".repeat(64),
  LOG_LEVEL: "warn",
};
const worker = fork(path.join(import.meta.dirname, "support/package-worker.ts"), [server.consoleUrl], {
  env: environment,
});
try {
  await fill();
  const rates: Record<"ours" | "psql", number[]> = { ours: [], psql: [] };
  const idle = memoryOfTree(worker.pid ?? 0).rssBytes;
  let most = 0;
  const warmUps = rounds > 1 ? 1 : 0;
  for (let round = 0; round < rounds + warmUps; round++) {
    const psqlSeconds = await copyByPsql();
    const stop = watchMemory(worker.pid ?? 0, 200);
    const { seconds, bytes } = await makePackage(console_);
    most = Math.max(most, stop().rssBytes);
    const [ours, other] = [rows / seconds, rows / psqlSeconds];
    step(
      `round ${round}: ${Math.round(ours)} rows/s (${(bytes / 1e6).toFixed(1)} MB), psql ${Math.round(other)} rows/s`,
    );
    if (round < warmUps) continue;
    rates.ours.push(ours);
    rates.psql.push(other);
  }
  step(`worker: ${Math.round(most / 1e6)} MB RSS at most, ${Math.round(idle / 1e6)} MB before`);
  report({
    name: "access-package",
    ratio: median(rates.ours) / median(rates.psql),
    aim: ">= 0.15",
    ours: `${Math.round(median(rates.ours))} rows/s of a whole package, ${Math.round(most / 1e6)} MB RSS at most`,
    other: `${Math.round(median(rates.psql))} rows/s psql COPY TO of the same ${rows} rows`,
  });
} finally {
  worker.kill("SIGTERM");
  await once(worker, "exit");
  await console_.close();
  await server.stop();
}

async function fill(): Promise<void> {
  const from = Date.now() - spanMs - 86_400_000;
  await extendPartitions(server.sql, { now: new Date(), ahead: 1, from: () => new Date(from - 86_400_000) });
  for (let first = 0; first < rows; first += 2 * batch) {
    await Promise.all([append(first, from), append(first + batch, from)]);
    if (first > 0 && first % 500_000 === 0) step(`${first} of ${rows} events`);
  }
  await server.sql`vacuum analyze audit_log`;
}

async function append(first: number, from: number): Promise<void> {
  const events = Array.from({ length: Math.min(batch, rows - first) }, (_, at) => {
    const n = first + at;
    const event = { ...benchEvent(n), occurredAt: new Date(from + (n * spanMs) / rows), actor: person };
    return n % 10 === 0 ? { ...event, targetPerson: { id: `user-${n % 500}`, name: "Other" } } : event;
  });
  if (events.length > 0) await server.audit.append(events);
}

/** A request that is being carried out, and its job from begin to end. */
async function makePackage(console: ConsoleDb): Promise<{ seconds: number; bytes: number }> {
  const id = uuidV7();
  const now = new Date();
  const job = await console.db.transaction(async (tx) => {
    const key = await createRequestKey(tx, openMasterKeyFile(server.masterKeyFile), id);
    const identifiers = [{ kind: "id" as const, value: person.id }];
    await tx.insert(schema.privacyRequest).values({
      id,
      kind: "access",
      regime: "eu",
      state: "executing",
      organizations: [],
      targets: ["bench"],
      country: "DE",
      timeZone: "Europe/Berlin",
      language: "en",
      receivedAt: now,
      channel: "form",
      submittedByName: "bench",
      submittedAt: now,
      sealed: sealPerson(key, { identifiers, name: person.name, contact: null, letter: null }),
      decision: {
        ground: null,
        parts: [{ target: "bench", policy: "standard", decision: "grant", ground: null }],
      },
    });
    return enqueueJob({ tx, actor: systemActor("bench"), now }, packageJob, { request: id });
  });
  const until = Date.now() + 1_800_000;
  while (Date.now() < until) {
    const [row] = await console.sql<
      { state: string; error: unknown; seconds: number; events: number; bytes: number }[]
    >`
      select state, error, extract(epoch from finished_at - (select min(started_at) from job_attempt where job_id = job.id))::float8 as seconds,
             (result->>'events')::int as events, (result->>'bytes')::float8 as bytes
      from job where id = ${job.id} and finished_at is not null`;
    if (row && (row.state !== "done" || row.events !== rows))
      throw new Error(`the package is ${row.state}: ${row.events} events, ${JSON.stringify(row.error)}`);
    if (row) {
      await console.sql`delete from privacy_package_piece`;
      return row;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the package was not made in time");
}

async function copyByPsql(): Promise<number> {
  const columns =
    "occurred_at, id, recorded_at, organization_id, action, status, target_type, target_id, outcome, correlation_id, " +
    "event_version, data_classification, retention_policy, processing_ms, details, actor_token, actor_personal, " +
    "actor_digest, target_token, target_personal, target_digest, leaf_version, leaf, salts";
  const copy = `copy (select ${columns} from audit_log order by occurred_at, id) to stdout`;
  const began = performance.now();
  const child = spawn(psql, [server.auditUrl, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", copy], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`psql ended with ${code}`);
  return (performance.now() - began) / 1_000;
}
