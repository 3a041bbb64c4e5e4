import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { migrateAudit } from "../audit-db/schema/migrate.ts";
import { checks } from "../checks.ts";
import { migrateConsole } from "../db/migrate.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { compileCache } from "./compile-cache.ts";
import { missingSights } from "./raised.ts";
import { makeRunFolder, removeFolder } from "./run-folder.ts";
import { ranEverything } from "./whole-run.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Server version → superuser URL. */
    clusters: Record<15 | 18, string>;
  }
}

const settings = {
  // Each file has a few pools of its own, and two or three are run at once.
  max_connections: "400",
};

/** Starts PostgreSQL 18 and 15 once for all database tests, each with template databases to clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = makeRunFolder();
  leaveSurroundings(folder);
  const clusters = await Promise.all([startCluster(18, settings), startCluster(15, settings)]);
  try {
    await Promise.all(clusters.map(createTemplates));
  } catch (thrown) {
    await Promise.all(clusters.map((cluster) => cluster.destroy()));
    removeFolder(folder);
    throw thrown;
  }
  const [pg18, pg15] = clusters as [Cluster, Cluster];
  project.provide("clusters", { 18: pg18.url, 15: pg15.url });
  const raised = path.join(folder, "raised-checks");
  writeFileSync(raised, "");
  project.provide("raisedChecks", raised);
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.destroy()));
    const missing = ranEverything(project) ? missingSights(readFileSync(raised, "utf8"), checkIds) : [];
    removeFolder(folder);
    if (missing.length > 0) throw new Error(missing.join("\n"));
  };
}

/** What whoever runs the tests has set for libpq and for our command line is not the tests': the workers inherit none. */
function leaveSurroundings(home: string): void {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]+$/.test(name)) delete process.env[name];
  delete process.env.XDG_CONFIG_HOME;
  process.env.HOME = home;
  process.env.TMPDIR = home;
  // For the workers themselves, and the children that inherit from them.
  Object.assign(process.env, compileCache);
}

const checkIds = checks.map(({ id }) => id);

async function createTemplates(cluster: Cluster): Promise<void> {
  const admin = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await admin`create extension pg_stat_statements`;
  for (const template of ["empty", "audit", "console"]) {
    await admin`create database ${admin(`template_${template}`)}`;
    const database = postgres(databaseUrl(cluster.url, `template_${template}`), {
      max: 1,
      onnotice: () => {},
    });
    await database`create extension pg_stat_statements`;
    await database.end();
  }
  await admin.end();
  // Roles are shared by the databases of a server, so the audit schema comes first and alone.
  await migrateAudit(databaseUrl(cluster.url, "template_audit"));
  await migrateConsole(databaseUrl(cluster.url, "template_console"));
}

function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
