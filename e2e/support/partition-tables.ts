import type { Locator, Page } from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { world } from "./world.ts";

export const panel = (page: Page, id: string) => page.locator(`#${id}`);
export const drawer = (page: Page, name: RegExp | string) => page.getByRole("dialog", { name });
export const step = (box: Locator) => box.locator("[data-step]");

/** A schema of the maintenance role's own on the audit database, which the watching role may look into. */
export async function makeSchema(sql: Sql, schema: string): Promise<void> {
  await sql.unsafe(
    `drop schema if exists ${schema} cascade; create schema ${schema} authorization audit_maintainer; grant usage on schema ${schema} to watch_login`,
  );
}

/** A table by months of UTC that the maintenance role owns: those of these offsets from the present one. */
export async function makeMonths(sql: Sql, table: string, months: number[]): Promise<void> {
  await sql.unsafe(`
    create table ${table} (at timestamptz not null, note text) partition by range (at);
    alter table ${table} owner to audit_maintainer;
    do $$ declare m int; declare b timestamptz; begin
      foreach m in array array[${months}] loop
        b := date_trunc('month', now(), 'UTC') + m * interval '1 month';
        execute format('create table ${table}_%s partition of ${table} for values from (%L) to (%L)',
          to_char(b at time zone 'UTC', 'YYYY_MM'), b, b + interval '1 month');
        execute format('alter table ${table}_%s owner to audit_maintainer', to_char(b at time zone 'UTC', 'YYYY_MM'));
      end loop;
    end $$`);
}

/** Changes structure on the audit database as its superuser. */
export async function asSuperuser(work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(world().auditUrl, { max: 1, onnotice: () => {}, connection: { TimeZone: "UTC" } });
  await work(sql);
  await sql.end();
}
