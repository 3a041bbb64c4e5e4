import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { inject } from "vitest";
import type { TestDatabase } from "./database.ts";

const run = promisify(execFile);
const bin = "/usr/lib/postgresql/15/bin";

/** A database as it was, to be put in its own place again. */
export interface OldDump {
  /** Ends every session, and puts the old state where the newer one was. */
  restore(): Promise<void>;
  drop(): Promise<void>;
}

/** By pg_dump and pg_restore on 15; on 18, whose tools are not there, by a copy of its files. */
export async function takeDump(database: TestDatabase, server: 15 | 18): Promise<OldDump> {
  const admin = postgres(inject("clusters")[server], { max: 1, onnotice: () => {} });
  const remove = () => admin`drop database ${admin(database.name)} with (force)`;
  if (server === 15) {
    const file = path.join(tmpdir(), `${database.name}-${randomBytes(4).toString("hex")}.dump`);
    await run(path.join(bin, "pg_dump"), ["--format=custom", `--file=${file}`, database.url]);
    return {
      async restore() {
        await remove();
        await admin`create database ${admin(database.name)} template template0`;
        await run(path.join(bin, "pg_restore"), ["--exit-on-error", `--dbname=${database.url}`, file]);
      },
      async drop() {
        rmSync(file, { force: true });
        await admin.end();
      },
    };
  }
  const copy = `${database.name}_old`;
  const copyTo = async (from: string, to: string) => {
    await admin`alter database ${admin(from)} allow_connections false`;
    await admin`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ${from}`;
    await admin`create database ${admin(to)} template ${admin(from)}`;
    await admin`alter database ${admin(from)} allow_connections true`;
  };
  await copyTo(database.name, copy);
  return {
    async restore() {
      await remove();
      await copyTo(copy, database.name);
    },
    async drop() {
      await admin`drop database ${admin(copy)} with (force)`;
      await admin.end();
    },
  };
}
