import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { createDatabase } from "./database.ts";

test.each([15, 18] as const)(
  "a clone on PostgreSQL %i has its own name, login roles and extension",
  async (server) => {
    const database = await createDatabase({ server, template: "empty" });
    const login = new URL(await database.login(["pg_monitor"]));
    const [row] = await database.sql`
    select current_database() as name, current_setting('server_version_num')::int / 10000 as major,
           pg_has_role(${login.username}, 'pg_monitor', 'member') as monitor,
           exists (select from pg_extension where extname = 'pg_stat_statements') as statements`;
    expect(row).toEqual({ name: database.name, major: server, monitor: true, statements: true });
    await database.drop();
  },
);

test.each([15, 18] as const)(
  "a clone dropped on PostgreSQL %i leaves no statement for which another's would be thrown out",
  async (server) => {
    const database = await createDatabase({ server, template: "empty" });
    const [own] = await database.sql<{ oid: number }[]>`
      select oid::int from pg_database where datname = current_database()`;
    const sql = postgres(inject("clusters")[server], { max: 1 });
    const kept = () => sql`select from pg_stat_statements(false) where dbid = ${own?.oid ?? 0}`;
    expect((await kept()).length).toBeGreaterThan(0);
    await database.drop();
    expect(await kept()).toHaveLength(0);
    await sql.end();
  },
);
