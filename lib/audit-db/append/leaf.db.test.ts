import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { recomputeLeaf } from "../../testing/recompute-leaf.ts";
import { connect } from "../connect.ts";
import type { AuditDb } from "../types.ts";
import { append } from "./append.ts";
import type { EventInput } from "./event-schema.ts";
import { findJsonProblem, type Json } from "./i-json.ts";
import { leafHexOf } from "./leaf.ts";
import { leafMatches } from "./leaf-matches.ts";
import { leafColumns, leafRowFromDatabase, type StoredLeafRow } from "./leaf-row.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const numbers = [
  0,
  -0,
  0.1,
  1e-7,
  Number.MIN_VALUE,
  2.2250738585072014e-308,
  123456789.12345679,
  9007199254740991,
  -9007199254740991,
  0.30000000000000004,
  1.5,
  100,
  4.5e-10,
];
const texts = [
  "",
  "é",
  "e\u0301",
  "😀",
  "\u2028",
  "\u0001\u001f\u007f",
  "\\u0000",
  'quote"\\',
  "\ufeff",
  "\r\n\t",
];

describe.each([15, 18] as const)("leaves of rows read back from PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;
  let stored: { id: string; leaf: string; outcome: string }[];

  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    const [watch, write] = [await database.login(["pg_monitor"]), await database.login(["audit_writer"])];
    audit = connect({ target: "audit", urls: { watch, write }, logger: silent });
    stored = await append(audit, [
      ...numbers.map((number) => event({ details: { number, list: [number] } })),
      ...texts.map((text) =>
        event({
          details: { [`k${text}`]: text, deep: { "10": 1, "9": text, é: null } },
          targetId: text || null,
        }),
      ),
      event({ occurredAt: `${new Date().toISOString().slice(0, 19)}.000001Z`, processingMs: 0 }),
      event({ occurredAt: `${new Date().toISOString().slice(0, 19)}.999999Z`, details: {} }),
      // An hour that a clock in Berlin shows twice, and one it leaves out.
      event({ occurredAt: "2026-10-25T00:30:00.123456Z" }),
      event({ occurredAt: "2026-10-25T01:30:00.123456Z" }),
      event({ occurredAt: "2026-03-29T02:30:00.5+02:00", retentionPolicy: "no_such_policy" }),
      event({ occurredAt: "0001-01-01T00:00:00.000001Z" }),
      event({ occurredAt: "9999-12-31T23:59:59.999999Z" }),
    ]);
  });

  afterAll(async () => {
    await audit.close();
    await database.drop();
  });

  test.each([
    ["UTC", "ISO, MDY"],
    ["Asia/Kathmandu", "German, DMY"],
    ["America/St_Johns", "SQL, DMY"],
    ["Europe/Berlin", "Postgres, MDY"],
  ])("are the stored ones in a session of %s with %s", async (zone, style) => {
    const sql = postgres(database.url, {
      max: 1,
      connection: { TimeZone: zone, DateStyle: style, extra_float_digits: -15 },
      onnotice: () => {},
    });
    try {
      for (const table of ["audit_log", "audit_quarantine"]) {
        const rows = await sql<(StoredLeafRow & { storedLeaf: string })[]>`
          select ${sql.unsafe(leafColumns)}, encode(leaf, 'hex') as "storedLeaf" from ${sql(table)}`;
        expect(rows.length).toBeGreaterThan(2);
        for (const { storedLeaf, ...row } of rows) {
          expect(leafHexOf(leafRowFromDatabase(row))).toBe(storedLeaf);
          expect(stored.find(({ id }) => id === row.id)?.leaf).toBe(storedLeaf);
        }
      }
    } finally {
      await sql.end();
    }
  });

  test("are the stored ones for numbers and texts of any kind after the way through jsonb", async () => {
    const value = fc
      .oneof(
        fc.double(),
        fc.float(),
        fc.integer(),
        fc.string({ unit: "binary" }),
        fc.jsonValue({ stringUnit: "binary" }),
      )
      .filter((made) => findJsonProblem(made) === null);
    const events = fc
      .sample(fc.array(value, { minLength: 1, maxLength: 12 }), 400)
      .map((values) => event({ details: { values: values as Json[] } }));
    const answers = new Map((await append(audit, events)).map(({ id, leaf }) => [id, leaf]));
    const rows = await database.sql<(StoredLeafRow & { storedLeaf: string })[]>`
      select ${database.sql.unsafe(leafColumns)}, encode(leaf, 'hex') as "storedLeaf"
      from audit_log where id in ${database.sql([...answers.keys()])}`;
    expect(rows).toHaveLength(400);
    for (const { storedLeaf, ...row } of rows) {
      expect(storedLeaf).toBe(answers.get(row.id));
      expect(leafHexOf(leafRowFromDatabase(row)), JSON.stringify(row.details)).toBe(storedLeaf);
    }
  });

  test("a stranger with nothing but SQL and the description finds the same", async () => {
    const rows = await database.sql<{ row: Record<string, Json>; micros: string[]; leaf: string }[]>`
      select to_jsonb(audit_log) - 'details' as row, details::text as details, encode(leaf, 'hex') as leaf,
             array[(extract(epoch from occurred_at) * 1000000)::int8::text,
                   (extract(epoch from recorded_at) * 1000000)::int8::text] as micros
      from audit_log`;
    for (const { row, micros, leaf, ...rest } of rows) {
      const details = JSON.parse((rest as unknown as { details: string }).details);
      const given = {
        ...row,
        details,
        salts: Buffer.from(String(row.salts).slice(2), "hex"),
        occurredMicros: BigInt(micros[0] ?? ""),
        recordedMicros: BigInt(micros[1] ?? ""),
      };
      expect(recomputeLeaf(given as unknown as Parameters<typeof recomputeLeaf>[0])).toBe(leaf);
    }
    expect(rows.length).toBeGreaterThan(20);
  });

  test("a row changed behind the guards no longer has its leaf, whichever column it was", async () => {
    const [first] = stored;
    const changes = [
      "details = details || '{\"x\": 1}'",
      "occurred_at = occurred_at + interval '1 microsecond'",
      "recorded_at = recorded_at + interval '1 microsecond'",
      "outcome = ''",
      "target_id = 'another'",
      "salts = overlay(salts placing '\\x01' from 3)",
      "salts = overlay(salts placing '\\x01' from 40)",
      "leaf_version = 1",
      "processing_ms = 0",
      "actor_token = 'p_other'",
      "actor_digest = sha256('x')",
    ];
    for (const change of changes) {
      const row = await database.sql.begin(async (tx) => {
        await tx`create temporary table changed on commit drop as
          select * from audit_log where id = ${first?.id ?? ""}`;
        const [found] = await tx<(StoredLeafRow & { storedLeaf: string })[]>`
          update changed set ${tx.unsafe(change)}
          returning ${tx.unsafe(leafColumns)}, encode(leaf, 'hex') as "storedLeaf"`;
        return found;
      });
      if (!row) throw new Error("no row");
      const { storedLeaf, ...read } = row;
      expect([change, leafMatches(read, Buffer.from(storedLeaf, "hex"))]).toEqual([change, false]);
    }
  });

  test("a time before Christ reads back exactly; an infinite one is refused", async () => {
    const read = async (time: string) => {
      const [row] = await database.sql<StoredLeafRow[]>`
        select ${database.sql.unsafe(leafColumns)}
        from (select (jsonb_populate_record(null::audit_log, to_jsonb(audit_log) || jsonb_build_object('occurred_at', ${time}::text))).*
              from audit_log limit 1) as changed`;
      if (!row) throw new Error("no row");
      return leafRowFromDatabase(row);
    };
    expect((await read("0044-03-15 12:00:00.000001 UTC BC")).occurredAt).toBe(
      "-000043-03-15T12:00:00.000001Z",
    );
    expect(leafHexOf(await read("0044-03-15 12:00:00.000001 UTC BC"))).toHaveLength(64);
    await expect(read("infinity")).rejects.toThrow("infinite");
  });

  test.each([
    [{ a: [{ b: 2 ** 53 }] }, "0.details.a.0.b"],
    [{ a: { "\ud800": 1 } }, "0.details.a.\ud800"],
    [{ a: "\udc00" }, "0.details.a"],
    [{ a: "\0" }, "0.details.a"],
    [{ a: Number.POSITIVE_INFINITY }, "0.details.a"],
    [{ a: 1e21 }, "0.details.a"],
  ])("what jsonb or a double cannot hold is refused with its path: %j", async (details, path) => {
    await expect(append(audit, [event({ details: details as EventInput["details"] })])).rejects.toMatchObject(
      {
        code: "BAD_INPUT",
        fields: { [path]: expect.any(String) },
      },
    );
  });
});

function event(more: Partial<EventInput>): EventInput {
  return { organizationId: "org-1", action: "record.viewed", status: "success", ...more };
}
