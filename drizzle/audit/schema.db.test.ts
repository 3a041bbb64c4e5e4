import { getTableConfig } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../lib/testing/database.ts";
import { auditFence, auditIdempotency, auditLog, auditQuarantine, retentionPolicy } from "./schema.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ server: 18, template: "audit" });
});
afterAll(() => database.drop());

test.each([auditLog, auditQuarantine, retentionPolicy, auditFence, auditIdempotency])(
  "the typed table is the migrated one",
  async (table) => {
    const { name, columns, indexes } = getTableConfig(table);
    const actual = await database.sql`
    select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required,
           atthasdef as "hasDefault"
    from pg_attribute where attrelid = ${name}::regclass and attnum > 0 and not attisdropped order by attname`;
    const declared = columns
      .map((column) => ({
        name: column.name,
        type: column.getSQLType(),
        required: column.notNull,
        hasDefault: column.hasDefault,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(declared).toEqual(actual.map((row) => ({ ...row })));

    const actualIndexes = await database.sql<{ name: string }[]>`
    select indexrelid::regclass::text as name from pg_index
    where indrelid = ${name}::regclass and not indisprimary order by 1`;
    expect(indexes.map((one) => one.config.name).sort()).toEqual(actualIndexes.map((row) => row.name));
  },
);
