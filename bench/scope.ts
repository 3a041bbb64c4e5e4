import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { closeTargets } from "../lib/audit-db/registry.ts";
import { extendPartitions } from "../lib/audit-db/schema/extend-partitions.ts";
import { migrateAudit } from "../lib/audit-db/schema/migrate.ts";
import { createMasterKeyFile } from "../lib/audit-db/vault/file-master-keys.ts";
import { closeConsoleDb, consoleDb } from "../lib/db/console-db.ts";
import { migrateConsole } from "../lib/db/migrate.ts";
import { openConfiguredTarget } from "../lib/engines/open-target.ts";
import { replaceEnv } from "../lib/env.ts";
import { closeVault, openVault } from "../lib/key-store/open-vault.ts";
import { listSubjectKeys } from "../lib/key-store/subject-keys.ts";
import { erasureContext } from "../lib/privacy/erasure/erasure-context.ts";
import { countTarget } from "../lib/requests/scope/count-target.ts";
import { findOwnClear } from "../lib/requests/scope/find-own-clear.ts";
import { sumScope } from "../lib/requests/scope/sum-scope.ts";
import { createMatcher } from "../lib/requests/search/needles.ts";
import { startCluster } from "../lib/testing/cluster.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Counting one person's 10,000 events in 60 partitions as the product does (holds asked, each record judged, samples, their
 * own rows looked through for identifiers in clear, summed up) ÷ one SELECT of the same rows by the indexes on tokens.
 * `node bench/scope.ts [EVENTS]`, 1,000,000 unless given, of everybody.
 */
const events = Number(process.argv[2] ?? 1_000_000);
const own = 10_000;
const months = 60;
const rounds = 7;

const cluster = await startCluster(18, { shared_buffers: "512MB", max_wal_size: "4GB" });
const folder = mkdtempSync(path.join(tmpdir(), "audit-bench-"));
const at = (database: string) => {
  const url = new URL(cluster.url);
  url.pathname = `/${database}`;
  return url.href;
};
const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
await admin`create database audit`;
await admin`create database console`;
await admin.end();
await migrateAudit(at("audit"));
await migrateConsole(at("console"));
const sql = postgres(at("audit"), { max: 1, onnotice: () => {} });
try {
  const masterKeyFile = path.join(folder, "master-keys.json");
  createMasterKeyFile(masterKeyFile);
  replaceEnv({
    AUDIT_DATABASES: JSON.stringify({ bench: { database_url: at("audit"), reader_url: at("audit") } }),
    CONSOLE_DATABASE_URL: at("console"),
    MASTER_KEY_FILE: masterKeyFile,
    LOG_LEVEL: "silent",
  });
  const id = "ada.lovelace@example.test";
  const vault = openVault();
  const place = { target: "bench", policy: "minimal" };
  const [sealed] = (await vault?.protect([{ ...place, person: { id }, context: "bench/actor" }])) ?? [];
  const [subject] = (await vault?.subjectsOf([id])) ?? [];
  if (!sealed || !subject) throw new Error("the person has no key");
  await fill(sealed.token);
  const console = consoleDb();
  await console.sql`
    insert into legal_hold (id, name, reason, scope, state, awaits, placed_by_name, placed_at)
    values (gen_random_uuid(), 'Case 1', 'a letter of the court', '{"organizations": ["o7"]}', 'in_force', '[]', 'bench', now())`;
  const keys = await listSubjectKeys(console.sql, subject);
  const context = erasureContext(console, () => new Date());
  const audit = openConfiguredTarget("bench");
  const matches = createMatcher([{ kind: "email", value: id }]);

  const scope = async () => {
    const person = { keys, organizations: [], restricted: false };
    const { facts, holds } = await countTarget(context, person, "bench");
    if (!facts) throw new Error("the target could not be asked");
    const lawOf = () => undefined;
    const summed = sumScope({ target: "bench", facts, holds, restricted: false, lawOf, now: new Date() });
    const clearEvents = await findOwnClear(audit, person, facts.grain, matches, async () => {});
    if (summed.events !== own || summed.partitions.length < months || clearEvents !== own / 100)
      throw new Error(
        `${summed.events} events, ${summed.partitions.length} partitions, ${clearEvents} in clear`,
      );
  };
  const select = async () => {
    const rows = await audit.use(
      "read",
      "bench.select",
      (session) => session`
        select * from public.audit_log where actor_token = ${sealed.token} or target_token = ${sealed.token}`,
    );
    if (rows.length !== own) throw new Error(`${rows.length} rows`);
  };
  await scope();
  await select();
  const ours: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(scope));
    other.push(await timed(select));
    step(`round ${round}: scope ${ours.at(-1)?.toFixed(1)} ms, SELECT ${other.at(-1)?.toFixed(1)} ms`);
  }
  const [mine, theirs] = [median(ours), median(other)];
  report({
    name: "scope",
    ratio: mine / theirs,
    aim: "<= 2.00",
    ours: `${mine.toFixed(0)} ms for ${own.toLocaleString("en")} of ${events.toLocaleString("en")} events`,
    other: `${theirs.toFixed(0)} ms by one SELECT of them`,
  });
} finally {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await sql.end();
  await cluster.destroy();
  rmSync(folder, { recursive: true, force: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The person stands in every nth row of five years; in one of a hundred of theirs in clear. */
async function fill(token: string): Promise<void> {
  const to = new Date();
  const from = new Date(to);
  from.setUTCMonth(from.getUTCMonth() - months + 1);
  await extendPartitions(sql, { from: () => from, now: to, ahead: 0 });
  const every = Math.round(events / own);
  for (let first = 0; first < events; first += 250_000) {
    await sql`
      insert into public.audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, actor_token, actor_personal, actor_digest, leaf_version, leaf)
      select gen_random_uuid(), at, at, 'o' || i % 50, 'record.' || i % 7, 'success', 1, 'PUBLIC', 'minimal',
             jsonb_build_object('nth', i, 'note', repeat('x', 120),
               'by', case when i % ${every * 100} = 0 then 'Ada.Lovelace@example.test' end),
             case when i % ${every} = 0 then ${token} else 'p_' || i % 10000 end,
             decode(repeat('ab', 140), 'hex'), sha256(i::text::bytea), 1, sha256(('l' || i)::bytea)
      from generate_series(${first}::bigint, ${Math.min(first + 250_000, events) - 1}::bigint) i
      cross join lateral (
        select ${from}::timestamptz + (${to}::timestamptz - ${from}::timestamptz) * (i::float8 / ${events}) as at) times`;
    step(`${Math.min(first + 250_000, events).toLocaleString("en")} events`);
  }
  await sql`vacuum analyze public.audit_log`;
}
