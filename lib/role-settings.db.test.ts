import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidV7 } from "./audit-db/append/uuid-v7.ts";
import { connect } from "./audit-db/connect.ts";
import { closeTargets } from "./audit-db/registry.ts";
import { systemActor } from "./auth/actor.ts";
import { closeConsoleDb } from "./db/console-db.ts";
import { env, replaceEnv } from "./env.ts";
import { runRead } from "./run-read.ts";
import { samplers } from "./samplers.ts";
import { askAll, prepareEverything, quiet, sampleAll } from "./testing/ask-everything.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";

const actor = { ...systemActor("test"), id: uuidV7(Date.now()) };

/** What people put on their roles; `audit_privacy` stands for any other role. */
const settings = [
  "datestyle = 'SQL, DMY'",
  "intervalstyle = 'iso_8601'",
  "bytea_output = 'escape'",
  "default_transaction_isolation = 'serializable'",
  "default_transaction_read_only = on",
  "standard_conforming_strings = off",
  "search_path = ''",
  "client_encoding = 'LATIN1'",
  "row_security = off",
  "transform_null_equals = on",
  "quote_all_identifiers = on",
  "extra_float_digits = -10",
  "statement_timeout = '50ms'",
  "timezone = 'Asia/Kolkata'",
  "exit_on_error = on",
  "role = 'audit_privacy'",
];

describe.each([15, 18] as const)("with settings on the roles of PostgreSQL %i", (server) => {
  let audit: TestDatabase;
  let console: TestDatabase;
  let roles: string[];
  let inputs: Record<string, unknown>;

  beforeAll(async () => {
    [audit, console] = await Promise.all([
      createDatabase({ server, template: "audit" }),
      createDatabase({ template: "console" }),
    ]);
    const urls = {
      AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
      AUDIT_READER_URL: await audit.login(["audit_reader"]),
      AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    };
    roles = Object.values(urls).map((url) => new URL(url).username);
    for (const role of roles) await audit.sql.unsafe(`grant audit_privacy to ${role}`);
    replaceEnv({ ...urls, CONSOLE_DATABASE_URL: console.url, LOG_LEVEL: "silent" });
    inputs = await prepareEverything({ audit: audit.url, console: console.url });
    await sampleAll(console.url, Date.now() - 20_000);
  });
  afterAll(async () => {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    await Promise.all([audit?.drop(), console?.drop()]);
  });

  async function put(on: boolean): Promise<void> {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    const onRoles = roles.flatMap((role) =>
      on ? settings.map((text) => `alter role ${role} set ${text}`) : [`alter role ${role} reset all`],
    );
    const onConsole = on
      ? settings.map((text) => `alter database ${console.name} set ${text}`)
      : [`alter database ${console.name} reset all`];
    await audit.sql.unsafe(onRoles.join(";"));
    await console.sql.unsafe(onConsole.join(";"));
  }

  test("every read of the registry answers what it answers without them", async () => {
    let wrong: string[] | undefined;
    for (let round = 0; round < 3 && wrong?.length !== 0; round++) {
      await put(false);
      const first = await askAll(inputs);
      await put(true);
      const given = await askAll(inputs);
      await put(false);
      const second = await askAll(inputs);
      const failing = Object.entries(first).flatMap(([name, answer]) =>
        (answer as { ok: boolean }).ok ? [] : [name],
      );
      expect(failing).toEqual([]);
      // What moves by itself, as other sessions and counters do, is no witness.
      const moving = differences(first, second);
      const found = differences(first, given).filter(
        (path) => !moving.some((moved) => path === moved || path.startsWith(`${moved}.`)),
      );
      wrong = wrong?.filter((path) => found.includes(path)) ?? found;
    }
    expect(wrong).toEqual([]);
  }, 600_000);

  test("every sampler's sample is stored, and events are written and verify", async () => {
    await put(true);
    try {
      const outcomes = await sampleAll(console.url, Date.now());
      expect(outcomes).toEqual(
        Object.fromEntries([...samplers, { name: "collector" }].map(({ name }) => [name, "stored"])),
      );
      const { AUDIT_DATABASE_URL = "", AUDIT_WRITER_URL = "" } = env() as unknown as Record<string, string>;
      const writer = connect({
        target: "audit",
        urls: { watch: AUDIT_DATABASE_URL, write: AUDIT_WRITER_URL },
        logger: quiet,
      });
      const key = { id: uuidV7(Date.now()), occurredAt: new Date().toISOString() };
      const given = {
        ...key,
        organizationId: "o",
        action: "a.b",
        status: "success" as const,
        details: { b: "\\ \u00fc" },
      };
      try {
        expect(await writer.append([given])).toMatchObject([{ outcome: "stored" }]);
        expect(await writer.append([given])).toMatchObject([{ outcome: "duplicate" }]);
      } finally {
        await writer.close();
      }
      expect(await runRead(actor, { name: "event", target: "audit", input: key })).toMatchObject({
        ok: true,
        data: { check: "matches", details: { b: "\\ \u00fc" } },
      });
    } finally {
      await put(false);
    }
  });
});

/** Paths at which two answers differ; one for the whole of a list whose length differs. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other)
    return Object.is(one, other) ? [] : [path];
  if (one instanceof Date || other instanceof Date) return String(one) === String(other) ? [] : [path];
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return [path];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) =>
    differences(
      (one as Record<string, unknown>)[name],
      (other as Record<string, unknown>)[name],
      path ? `${path}.${name}` : name,
    ),
  );
}
