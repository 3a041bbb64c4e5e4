import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { compileCache } from "./compile-cache.ts";
import { type PartitionWorld, startPartitionWorld } from "./partition-world.ts";
import { createPartmanTables } from "./partman.ts";
import type { PartitionsOrder, PartitionsReport } from "./work-partitions.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** Where workers that change partitions are killed, with pg_partman beside. */
export interface KilledWorld extends PartitionWorld {
  children: ChildProcess[];
  /** Kinds of step that were a part of some plan. */
  planned: Set<string>;
}
/** Its workers end with it. */
export async function closeKilledWorld({ children, close, database }: KilledWorld): Promise<void> {
  await Promise.all(children.map(kill));
  const other = `${database.name}_other`;
  await database.sql.unsafe(`drop owned by ${other} cascade; drop role ${other}`);
  await close();
}

/** Ends a worker without a word, and waits until it has. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

export async function startKilledWorld(server: 15 | 18): Promise<KilledWorld> {
  const world: KilledWorld = { ...(await startPartitionWorld(server)), children: [], planned: new Set() };
  const { sql, name } = world.database;
  await createPartmanTables(sql, server);
  await sql.unsafe(`
    grant create on database "${name}" to audit_maintainer;
    grant usage on schema partman to public;
    grant select, insert, update, delete on all tables in schema partman to public;
    alter default privileges in schema partman grant select, insert, update, delete on tables to public;
    grant execute on all functions in schema partman to public`);
  return world;
}

/** A worker with the order it begins with. @param hear what it tells of the places that its jobs come to */
export async function startWorker(
  { administration, urls, children }: KilledWorld,
  order: PartitionsOrder,
  hear: (report: Exclude<PartitionsReport, "started">) => void = () => {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["lib/testing/work-partitions.ts"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: {
      ...compileCache,
      NODE_ENV: "test",
      CONSOLE_DATABASE_URL: administration.url,
      WATCH_URL: urls.watch,
      MAINTENANCE_URL: urls.maintenance,
    },
  });
  children.push(child);
  child.on("message", (report: PartitionsReport) => {
    if (report !== "started") hear(report);
  });
  child.send(order);
  await once(child, "message");
  return child;
}
