import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { EventInput } from "../lib/audit-db/append/event-schema.ts";
import { benchEvent, startAppendServer } from "./support/append-server.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Rows a second through `AuditDb.append` (batches of 1,000 on two connections, each event with a person to encrypt
 * and a leaf to make) against `psql \copy` of the very same rows into the same tables, which encrypts and hashes
 * nothing. Both on one durable PostgreSQL 18, in turns.
 */
const psql = "/usr/lib/postgresql/15/bin/psql";
const rows = 40_000;
const batch = 1_000;
const rounds = 5;
const columns =
  `id, occurred_at, recorded_at, organization_id, action, status, target_type, target_id, outcome,
  correlation_id, event_version, data_classification, retention_policy, processing_ms, details, actor_token,
  actor_personal, actor_digest, target_token, target_personal, target_digest, leaf_version, leaf, salts`.replace(
    /\s+/g,
    " ",
  );

if (!existsSync(psql)) throw new Error(`${psql} is not there: the other side cannot be measured`);
const server = await startAppendServer(2);
try {
  const ours: number[] = [];
  const other: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const events = Array.from({ length: rows }, (_, index) => benchEvent(round * rows + index));
    const oursRate = await appendAll(events);
    const text = await run(["-c", `copy (select ${columns} from audit_log) to stdout`]);
    await empty();
    const began = performance.now();
    await run(["-c", `\\copy audit_log (${columns}) from stdin`], text);
    const otherRate = rows / ((performance.now() - began) / 1_000);
    await empty();
    step(
      `round ${round}: append ${Math.round(oursRate)} rows/s, psql \\copy ${Math.round(otherRate)} rows/s`,
    );
    // The first warms both sides up.
    if (round > 0) {
      ours.push(oursRate);
      other.push(otherRate);
    }
  }
  report({
    name: "append",
    ratio: median(ours) / median(other),
    aim: ">= 0.60",
    ours: `${Math.round(median(ours))} rows/s with leaf and vault`,
    other: `${Math.round(median(other))} rows/s psql \\copy of the same rows`,
  });
} finally {
  await server.stop();
}

async function appendAll(events: readonly EventInput[]): Promise<number> {
  const began = performance.now();
  let next = 0;
  const work = async () => {
    for (let from = next; from < events.length; from = next) {
      next = from + batch;
      await server.audit.append(events.slice(from, from + batch));
    }
  };
  await Promise.all([work(), work()]);
  return events.length / ((performance.now() - began) / 1_000);
}

/** Empties the log, which its guards refuse to anybody who has not switched them off. */
async function empty(): Promise<void> {
  const partitions = await server.sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('audit_log')`;
  const all = partitions.map(({ name }) => name);
  await server.sql.unsafe(all.map((name) => `alter table ${name} disable trigger user`).join(";"));
  await server.sql.unsafe("truncate audit_log");
  await server.sql.unsafe(
    all.map((name) => `alter table ${name} enable always trigger audit_log_guard_statement`).join(";"),
  );
  await server.sql.unsafe("checkpoint");
}

function run(args: string[], input?: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(psql, [server.auditUrl, "-X", "-q", "-v", "ON_ERROR_STOP=1", ...args]);
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.pipe(process.stderr);
    child.on("close", (code) =>
      code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`psql ended with ${code}`)),
    );
    child.stdin.end(input);
  });
}
