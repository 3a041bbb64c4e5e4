import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoteIdentifier, quoteQualified, quoteText } from "./quote-sql.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";

const names = [
  "plain",
  "_x1",
  "Mixed",
  "1st",
  "with space",
  'with "quotes"',
  "naïve",
  "a$b",
  "",
  "a.b",
  "-- x",
];
const texts = ["", "plain", "it's", "'", "back\\slash", "\\'", "two\nlines", "naïve"];

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
  });
  afterAll(() => database?.drop());

  test("names are quoted as the server quotes them, its keywords too", async () => {
    const rows = await database.sql<{ name: string; quoted: string }[]>`
      select name, quote_ident(name) as quoted
      from (select unnest(${names}::text[]) as name union all select word from pg_get_keywords()) as given`;
    expect(rows.length).toBeGreaterThan(400);
    for (const { name, quoted } of rows) {
      // A word that became a keyword later is quoted for older servers as well.
      if (server === 15 && quoted === name) expect([name, `"${name}"`]).toContain(quoteIdentifier(name));
      else expect(quoteIdentifier(name)).toBe(quoted);
    }
    expect(quoteQualified("Odd.Schema", "user")).toBe('"Odd.Schema"."user"');
  });

  test("texts are literals that come back as they were", async () => {
    for (const text of texts) {
      const [row] = await database.sql.unsafe(
        `select ${quoteText(text)} as back, quote_literal($1) as literal`,
        [text],
      );
      expect(row).toEqual({ back: text, literal: quoteText(text) });
    }
  });
});
