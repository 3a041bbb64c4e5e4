import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { quoteText } from "../../quote-sql.ts";
import { auditLocks } from "../locks.ts";
import { checkSession } from "../pool/check-session.ts";
import { explainConnectionError, isConnectionError } from "../pool/driver-error.ts";
import { openClient } from "../pool/open-client.ts";
import { addPartitionStatements } from "./add-partition.ts";
import {
  extendPartitions,
  firstPolicies,
  intervalsAhead,
  listBranches,
  missingPartitions,
} from "./extend-partitions.ts";
import { checkMigrator } from "./migration-grants.ts";

export interface MigrationPlan {
  /** In the order they will run; the last one, `partitions`, makes the partitions ahead. */
  pending: { name: string; sql: string }[];
  /** Names of the migrations already applied. */
  applied: string[];
}

export interface MigrationStep {
  name: string;
  index: number;
  count: number;
}

interface Migration {
  name: string;
  statements: string[];
  hash: string;
}

/**
 * What `migrateAudit` would run on this database, without changing it.
 * @throws AppError UNAVAILABLE, UNSUPPORTED (older than 14, a replica), CONFLICT (tables of these names that are
 * not ours, a migration that changed after it was applied), FORBIDDEN with the missing grant as its hint.
 */
export function planAuditMigration(url: string): Promise<MigrationPlan> {
  return withConnection(url, plan);
}

/**
 * Brings the audit schema up to date: each migration in one transaction, then the partitions ahead. Safe to run
 * twice and from two processes. The role needs CREATEROLE and CREATE on schema public (docs/permissions.md).
 * @throws what `planAuditMigration` throws.
 */
export function migrateAudit(
  url: string,
  options: { onStep?: (step: MigrationStep) => void } = {},
): Promise<MigrationPlan> {
  return withConnection(url, async (sql) => {
    await sql`select pg_advisory_lock(${auditLocks.migration})`;
    const planned = await plan(sql);
    if (planned.pending.length > 0) await checkMigrator(sql, planned.applied.length > 0);
    for (const [index, { name }] of planned.pending.entries()) {
      options.onStep?.({ name, index: index + 1, count: planned.pending.length });
      const migration = readMigrations().find((known) => known.name === name);
      // Several statements in one message are one transaction.
      if (migration) await sql.unsafe(statementsOf(migration).join(";\n"));
      else await extendPartitions(sql, { now: new Date(), ahead: intervalsAhead });
    }
    return planned;
  });
}

async function plan(sql: Sql): Promise<MigrationPlan> {
  const known = readMigrations();
  const applied = await listApplied(sql);
  for (const { name, hash } of applied) {
    const file = known.find((migration) => migration.name === name);
    if (!file)
      throw new AppError("CONFLICT", `The audit schema is newer than this program: it has ${name}.`, {
        hint: "Upgrade this program.",
      });
    if (file.hash !== hash)
      throw new AppError("CONFLICT", `The migration ${name} changed after it was applied here.`);
  }
  const pending = known
    .filter((migration) => !applied.some(({ name }) => name === migration.name))
    .map((migration) => ({ name: migration.name, sql: script(statementsOf(migration)) }));
  const branches = applied.some(({ name }) => name === "0001_audit_log")
    ? await listBranches(sql)
    : firstPolicies.map((policy) => ({ policy, interval: "month" as const, covered: [] }));
  const partitions = missingPartitions(branches, { now: new Date(), ahead: intervalsAhead });
  if (partitions.length > 0)
    pending.push({
      name: "partitions",
      sql: partitions
        .map((partition) => script(["SET LOCAL ROLE audit_maintainer", ...addPartitionStatements(partition)]))
        .join("\n"),
    });
  return { pending, applied: applied.map(({ name }) => name) };
}

async function listApplied(sql: Sql): Promise<{ name: string; hash: string }[]> {
  const [found] = await sql<{ ledger: boolean; log: boolean; recovery: boolean; version: number }[]>`
    select to_regclass('public.audit_migrations') is not null as ledger,
           to_regclass('public.audit_log') is not null as log,
           pg_is_in_recovery() as recovery,
           current_setting('server_version_num')::int as version`;
  if (!found || found.version < 140_000)
    throw new AppError("UNSUPPORTED", "The audit schema needs PostgreSQL 14 or newer.");
  if (found.recovery)
    throw new AppError("UNSUPPORTED", "This server is a replica and takes no changes.", {
      hint: "Point the URL at its primary.",
    });
  if (!found.ledger && found.log)
    throw new AppError("CONFLICT", "This database has a table public.audit_log that is not ours.", {
      hint: "Migrate another database; this one can still be watched.",
    });
  if (!found.ledger) return [];
  return await sql<{ name: string; hash: string }[]>`
    select name, hash from public.audit_migrations order by name`;
}

/** One migration and its entry in the ledger, for one transaction. */
function statementsOf({ name, statements, hash }: Migration): string[] {
  return [
    "SET LOCAL lock_timeout = '10s'",
    ...statements,
    "SET LOCAL ROLE audit_maintainer",
    `CREATE TABLE IF NOT EXISTS public.audit_migrations
  (name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    "GRANT SELECT ON public.audit_migrations TO audit_reader",
    `INSERT INTO public.audit_migrations (name, hash) VALUES (${quoteText(name)}, ${quoteText(hash)})`,
  ];
}

/** As a person would run it. */
function script(statements: string[]): string {
  return ["BEGIN", ...statements, "COMMIT"].map((text) => `${text.replace(/;$/, "")};\n`).join("");
}

/** The migrations of drizzle/audit in the order of its journal. */
function readMigrations(): Migration[] {
  const folder = migrationsFolder();
  const journal = JSON.parse(readFileSync(path.join(folder, "meta/_journal.json"), "utf8")) as {
    entries: { tag: string }[];
  };
  return journal.entries.map(({ tag }) => {
    const text = readFileSync(path.join(folder, `${tag}.sql`), "utf8");
    return {
      name: tag,
      statements: text.split("--> statement-breakpoint").map((statement) => statement.trim()),
      hash: createHash("sha256").update(text).digest("hex"),
    };
  });
}

/** Bundlers move this module, never the migrations: fall back to the folder the process was started in. */
function migrationsFolder(): string {
  const beside = path.resolve(import.meta.dirname ?? ".", "../../../drizzle/audit");
  return existsSync(beside) ? beside : path.resolve("drizzle/audit");
}

async function withConnection<T>(url: string, run: (sql: Sql) => Promise<T>): Promise<T> {
  // One connection: the lock belongs to it.
  const sql = openClient(url, "migration", {
    max: 1,
    connect_timeout: 10,
    connection: { application_name: "audit-db-dashboard migrate" },
  });
  try {
    await checkSession(sql, "migration");
    return await run(sql);
  } catch (thrown) {
    throw explain(thrown);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function explain(thrown: unknown): unknown {
  if (thrown instanceof AppError) return thrown;
  if (isConnectionError(thrown)) {
    const { reason } = explainConnectionError(thrown);
    return new AppError("UNAVAILABLE", `The audit database cannot be migrated: ${reason}.`, {
      cause: thrown,
    });
  }
  const { code, message } = thrown as { code?: string; message?: string };
  if (code === "42501")
    return new AppError("FORBIDDEN", `The server refused a step: ${message}.`, {
      cause: thrown,
      hint: "Migrate as a superuser, or as the database's owner with CREATEROLE (docs/permissions.md).",
    });
  if (code === "55P03")
    return new AppError("TIMEOUT", "A lock held by another session kept the migration from running.", {
      cause: thrown,
    });
  return thrown;
}
