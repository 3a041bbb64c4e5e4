import { readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import journal from "../../drizzle/console/meta/_journal.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { consoleBoard } from "../collector/sampling/instance-board.ts";
import type { AppError } from "../errors.ts";
import { countClear, keepNamed } from "../requests/scope/keep-clear.ts";
import { getReadiness } from "../start/get-readiness.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { openConsoleDb } from "./console-db.ts";
import { migrateConsole } from "./migrate.ts";
import { refuseNewer } from "./refuse-newer.ts";

const root = path.resolve(import.meta.dirname, "../..");
const newest = journal.entries.at(-1)?.tag;

let empty: TestDatabase;
beforeAll(async () => {
  empty = await createDatabase({ server: 15, template: "empty" });
});
afterAll(() => empty.drop());

test("three processes at once migrate an empty database once", async () => {
  await Promise.all([migrateConsole(empty.url), migrateConsole(empty.url), migrateConsole(empty.url)]);
  await migrateConsole(empty.url);
  const applied = await empty.sql`select hash from drizzle.__drizzle_migrations`;
  expect(new Set(applied.map((row) => row.hash)).size).toBe(applied.length);
  const [tables] = await empty.sql<{ count: number }[]>`
    select count(*)::int as count from information_schema.tables
    where table_schema = 'public' and table_name in ('users', 'sessions', 'api_tokens', 'activity', 'outbox')`;
  expect(tables?.count).toBe(5);
});

test("the activity log refuses UPDATE, DELETE and TRUNCATE, even from its owner", async () => {
  const insert = () => empty.sql`
    insert into activity (id, actor_kind, actor_name, action, outcome)
    values (gen_random_uuid(), 'system', 'test', 'test', 'success')`;
  await insert();
  await expect(empty.sql`update activity set action = 'other'`).rejects.toThrow(/append-only: UPDATE/);
  await expect(empty.sql`delete from activity`).rejects.toThrow(/append-only: DELETE/);
  await expect(empty.sql`truncate activity`).rejects.toThrow(/append-only: TRUNCATE/);
  const replica = postgres(empty.url, { max: 1, connection: { session_replication_role: "replica" } });
  await expect(replica`delete from activity`).rejects.toThrow(/append-only: DELETE/);
  await replica.end();
});

test("a database that a newer version was in is refused with both versions, and left as it is", async () => {
  const [note] = await empty.sql<{ note: string }[]>`
    select obj_description('drizzle.__drizzle_migrations'::regclass) as note`;
  expect(note?.note).toBe(`audit-db-dashboard ${manifest.version}`);
  await empty.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 32503680000000)`;
  await empty.sql`comment on table drizzle.__drizzle_migrations is 'audit-db-dashboard 9.8.7'`;
  try {
    await expect(migrateConsole(empty.url)).rejects.toMatchObject({
      code: "CONFLICT",
      message: `The console database was brought up to date by version 9.8.7 of this program; this is ${manifest.version} and knows its tables up to ${newest}.`,
      hint: expect.stringContaining("version 9.8.7"),
    });
    expect(await getReadiness(empty)).toEqual({
      ready: false,
      parts: { consoleDatabase: "ok", migrations: "newer" },
      reason: expect.stringContaining("9.8.7"),
    });
    const refused: AppError[] = [];
    await refuseNewer(empty, (error) => refused.push(error));
    expect(refused).toMatchObject([{ code: "CONFLICT" }]);
  } finally {
    await empty.sql`delete from drizzle.__drizzle_migrations where hash = 'later'`;
  }
  const known: AppError[] = [];
  await refuseNewer(empty, (error) => known.push(error));
  expect(known).toEqual([]);
});

test("an unreachable server, an unknown database and a refused role are told apart, without the URL", async () => {
  const unreachable = new URL(empty.url);
  unreachable.port = "1";
  await expect(migrateConsole(unreachable.href)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("cannot be reached"),
  });
  const unknown = new URL(empty.url);
  unknown.pathname = "/no_such_database";
  const failed = await migrateConsole(unknown.href).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("does not exist") });
  expect(String(failed)).not.toContain("no_such_database");

  const other = await createDatabase({ server: 15, template: "empty" });
  const login = await other.login();
  await other.sql`revoke create on schema public from public`;
  await expect(migrateConsole(login)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await other.drop();
});

test("tables kept under their bare names are found under their quoted ones, ambiguous ones stay", async () => {
  const other = await createDatabase({ server: 15, template: "console" });
  try {
    await other.sql`
      with target as (insert into history.target (name) values ('t') returning id),
           sampler as (insert into history.sampler (name, form, every_seconds)
                       values ('partitions', 'objects', 600), ('statements', 'objects', 60) returning id, name)
      insert into history.object (target_id, sampler_id, key, first_seen, last_seen)
      select target.id, sampler.id, key, now(), now()
      from target, sampler, unnest(case sampler.name when 'partitions'
        then array['public.audit_log_1', 'public.Mixed', 'Odd "S".order', 'a.b.c', 'public.taken', 'public."New"',
                   'public.New', 'others']
        else array['5.A'] end) as key`;
    const step = readFileSync(path.join(root, "drizzle/console/0007_quoted_keys.sql"), "utf8");
    await other.sql.unsafe(step);
    const kept = await other.sql<{ key: string }[]>`select key from history.object order by id`;
    expect(kept.map(({ key }) => key).sort()).toEqual(
      [
        "public.audit_log_1",
        'public."Mixed"',
        '"Odd ""S"""."order"',
        "a.b.c",
        "public.taken",
        // Kept for a table that is called "New" with its quotes: what has its place stays as it is.
        'public."""New"""',
        "public.New",
        "others",
        "5.A",
      ].sort(),
    );
  } finally {
    await other.drop();
  }
});

test.each([15, 18] as const)(
  "what each round rewrites is updated in place, also in tables of the version before (PostgreSQL %i)",
  async (server) => {
    const other = await createDatabase({ server, template: "console" });
    try {
      await other.sql.unsafe(`
        create index check_state_bad on check_state (target, state) where state <> 'ok';
        create index incident_changed on incident (changed_at);
        alter table check_evaluation reset (fillfactor); alter table check_state reset (fillfactor);
        alter table incident reset (fillfactor); alter table alert reset (fillfactor);
        insert into check_evaluation (target, check_id, evaluated_at, took_ms, complete) values ('t', 'a.b', now(), 1, true);
        insert into check_state (target, check_id, object_key, object, state, since, evaluated_at, words, path)
        values ('t', 'a.b', 'target', '{}', 'ok', now(), now(), '{}', 'overview')`);
      const step = readFileSync(
        path.join(root, "drizzle/console/0014_rows_that_change_in_place.sql"),
        "utf8",
      );
      await other.sql.unsafe(step);
      const inPlace = await other.sql.begin(async (tx) => {
        await tx`update check_state set state = 'warning', evaluated_at = now()`;
        await tx`update check_evaluation set evaluated_at = now()`;
        const [row] = await tx<{ count: number }[]>`
          select sum(pg_stat_get_xact_tuples_hot_updated(oid))::int as count from pg_class
          where oid = any(array['check_evaluation', 'check_state']::regclass[])`;
        return row?.count;
      });
      expect(inPlace).toBe(2);
      const tables = await other.sql<{ name: string; options: string[] | null }[]>`
        select relname as name, reloptions as options from pg_class
        where oid = any(array['alert', 'check_evaluation', 'check_state', 'incident']::regclass[]) order by 1`;
      expect(tables.map(({ name, options }) => [name, options])).toEqual([
        ["alert", ["fillfactor=80"]],
        ["check_evaluation", ["fillfactor=50"]],
        ["check_state", ["fillfactor=80"]],
        ["incident", ["fillfactor=70"]],
      ]);
      expect(await other.sql`select from check_state where state = 'warning'`).toHaveLength(1);
      expect(
        await other.sql`select indexname from pg_indexes where indexname in ('check_state_bad', 'incident_changed')`,
      ).toEqual([]);
    } finally {
      await other.drop();
    }
  },
);

test.each([15, 18] as const)(
  "a scope of the version before keeps what it names, as rows of the table that is new; its processes have no session (PostgreSQL %i)",
  async (server) => {
    const other = await createDatabase({ server, template: "console" });
    const [request, scope, event] = ["01", "02", "03"].map((n) => `00000000-0000-7000-8000-0000000000${n}`);
    const console = openConsoleDb(other.url, { max: 1 });
    try {
      const clear = {
        id: event,
        occurredAt: "2026-01-02T03:04:05.678901Z",
        policy: "minimal",
        fields: ["details"],
      };
      await other.sql`drop table privacy_request_clear`;
      await other.sql`
        insert into privacy_request (id, kind, regime, state, organizations, targets, country, time_zone, language,
                                     received_at, channel, submitted_by_name, submitted_at)
        values (${request ?? ""}, 'erasure', 'eu', 'approved', '[]', '["eu"]', 'DE', 'UTC', 'en', now(), 'form', 'Ada', now())`;
      await other.sql`
        insert into privacy_request_scope (id, request_id, state, began_at, targets)
        values (${scope ?? ""}, ${request ?? ""}, 'done', now(), ${JSON.stringify([{ target: "eu", clear: [clear, clear] }])}::text::jsonb)`;
      const step = readFileSync(path.join(root, "drizzle/console/0015_events_to_redact.sql"), "utf8");
      await other.sql.unsafe(step);
      await other.sql.unsafe(`
        alter table history.instance drop column session;
        insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, engines)
        values ('old', 'web', 'h', 1, now(), now(), '{}')`);
      await other.sql.unsafe(
        readFileSync(path.join(root, "drizzle/console/0016_sessions_of_processes.sql"), "utf8"),
      );
      await other.sql.unsafe(
        "create table settings (key text); insert into settings values ('kept by hand')",
      );
      await other.sql.unsafe(readFileSync(path.join(root, "drizzle/console/0017_no_settings.sql"), "utf8"));
      expect(await other.sql`select to_regclass('public.settings') as settings`).toEqual([
        { settings: null },
      ]);
      expect(await consoleBoard(console.sql).list()).toMatchObject([{ instanceId: "old", session: null }]);
      expect(await countClear(console.db, scope ?? "")).toEqual([
        { target: "eu", policy: "minimal", events: 1 },
      ]);
      for (const _ of [1, 2]) await keepNamed(console.db, scope ?? "");
      const kept = await other.sql`
        select target, policy, event_id, fields, done_at, to_char(occurred_at at time zone 'UTC', 'HH24:MI:SS.US') as at
        from privacy_request_clear`;
      expect([...kept]).toEqual([
        {
          ...{ target: "eu", policy: "minimal", event_id: event, fields: ["details"], done_at: null },
          at: "03:04:05.678901",
        },
      ]);
    } finally {
      await console.close();
      await other.drop();
    }
  },
);
