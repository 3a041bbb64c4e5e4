import { randomBytes } from "node:crypto";
import postgres, { type Sql } from "postgres";
import { inject } from "vitest";
import { extendPartitions } from "../audit-db/schema/extend-partitions.ts";

/** A database of one test file, cloned from a template. */
export interface TestDatabase {
  name: string;
  /** Superuser URL. */
  url: string;
  /** Superuser client. */
  sql: Sql;
  /** Makes a login role with these group roles and answers its URL. */
  login(groupRoles?: string[]): Promise<string>;
  /** Ends the client, drops the database and its login roles. */
  drop(): Promise<void>;
}

/** Clones `template_<template>` on the test server of that version. */
export async function createDatabase(options: {
  server?: 15 | 18;
  template: "audit" | "console" | "empty";
  /** What its name is made with; default nothing that needs escaping. */
  named?: string;
  /** The oldest event that is to find its partition: those of the audit template begin with this month. */
  since?: Date | number;
}): Promise<TestDatabase> {
  return createOn(inject("clusters")[options.server ?? 18], options);
}

/** A database with pg_stat_statements and nothing else, on a server that a file has for itself. */
export function createDatabaseOn(serverUrl: string): Promise<TestDatabase> {
  return createOn(serverUrl, {});
}

type Wanted = Partial<Pick<Parameters<typeof createDatabase>[0], "template" | "named" | "since">>;

async function createOn(serverUrl: string, options: Wanted): Promise<TestDatabase> {
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const name = `t_${randomBytes(6).toString("hex")}${options.named ?? ""}`;
  const template = options.template === undefined ? "template1" : `template_${options.template}`;
  await admin`create database ${admin(name)} template ${admin(template)}`;
  const url = withDatabase(serverUrl, name);
  // The driver itself does not unescape it.
  const sql = postgres(url, { database: name, max: 3, onnotice: () => {} });
  if (options.template === undefined) await sql`create extension pg_stat_statements`;
  const since = options.since;
  if (since !== undefined)
    await extendPartitions(sql, { from: () => new Date(since), now: new Date(), ahead: 0 });
  const logins: string[] = [];
  return {
    name,
    url,
    sql,
    async login(groupRoles = []) {
      const role = `login_${randomBytes(5).toString("hex")}`;
      await admin.unsafe(`create role ${role} login password 'test'`);
      for (const group of groupRoles) await admin`grant ${admin(group)} to ${admin(role)}`;
      logins.push(role);
      const loginUrl = new URL(url);
      loginUrl.username = role;
      return loginUrl.href;
    },
    async drop() {
      await sql.end({ timeout: 1 });
      await admin`drop database ${admin(name)} with (force)`;
      for (const role of logins) await admin`drop role ${admin(role)}`;
      if (options.template !== undefined) await forgetStatements(admin);
      await admin.end({ timeout: 1 });
    },
  };
}

/** Of databases that are gone, and of making and dropping them: kept, they would push out those of the files that run. */
async function forgetStatements(admin: Sql): Promise<void> {
  await admin`
    select pg_stat_statements_reset(0, dbid, 0) from (select distinct dbid from pg_stat_statements(false)) as kept
    where not exists (select from pg_database where oid = dbid and datname <> current_database())`;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}
