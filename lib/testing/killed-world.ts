import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type PartitionWorld, startPartitionWorld } from "./partition-world.ts";
import { createPartmanTables } from "./partman.ts";
import { kill, startProgram } from "./start-program.ts";
import type { PartitionsOrder, PartitionsReport } from "./work-partitions.ts";

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
  const child = startProgram("lib/testing/work-partitions.ts", {
    CONSOLE_DATABASE_URL: administration.url,
    WATCH_URL: urls.watch,
    MAINTENANCE_URL: urls.maintenance,
  });
  children.push(child);
  child.on("message", (report: PartitionsReport) => {
    if (report !== "started") hear(report);
  });
  child.send(order);
  await once(child, "message");
  return child;
}
