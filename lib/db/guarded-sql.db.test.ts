import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { type ConsoleDb, openConsoleDb } from "./console-db.ts";

let database: TestDatabase;
let console_: ConsoleDb;
beforeAll(async () => {
  database = await createDatabase({ template: "empty" });
  await database.sql`create table note (text text primary key)`;
  console_ = openConsoleDb(database.url, { max: 2 });
});
afterAll(async () => {
  await console_?.close();
  await database?.drop();
});

const notes = async () => (await database.sql`select text from note order by text`).map(({ text }) => text);

test("statements that are sent together are carried out in their order, and committed together", async () => {
  const rows = await console_.sql.begin((tx) =>
    Promise.all([
      tx`insert into note values ('a')`,
      tx`select count(*)::int as n from note`,
      tx`delete from note`,
    ]),
  );
  expect(rows[1]?.[0]).toEqual({ n: 1 });
  expect(await notes()).toEqual([]);
});

test("what still asks beside a statement that failed is refused, and never carried out without its transaction", async () => {
  let late: Promise<unknown> = Promise.resolve();
  const failing = console_.sql.begin(async (tx) => {
    const rest = async () => {
      await tx`insert into note values ('first')`;
      // The transaction is over by then.
      await failing.catch(() => {});
      await tx`insert into note values ('late')`;
    };
    late = rest();
    late.catch(() => {});
    await Promise.all([late, tx`select 1 / 0`]);
  });
  await expect(failing).rejects.toThrow("division by zero");
  await expect(late).rejects.toThrow("the transaction has ended");
  expect(await notes()).toEqual([]);
});

test("what drizzle asks again has a name on its connection; a list written out, and what is asked once, has none", async () => {
  const list = sql.join(
    Array.from({ length: 101 }, (_, nth) => sql`${nth}::int`),
    sql`, `,
  );
  const named = await console_.db.transaction(async (tx) => {
    for (let time = 0; time < 3; time++) {
      await tx.execute(sql`select ${time}::int as asked_again`);
      await tx.execute(sql`select 1 as listed where 1 in (${list})`);
    }
    await tx.execute(sql`select ${1}::int as asked_once`);
    return tx.execute<{ statement: string; calls: number }>(sql`
      select statement, (generic_plans + custom_plans)::int as calls from pg_prepared_statements
      where statement like 'select%asked%' or statement like 'select%listed%'`);
  });
  expect([...named]).toEqual([{ statement: "select $1::int as asked_again", calls: 2 }]);
});
