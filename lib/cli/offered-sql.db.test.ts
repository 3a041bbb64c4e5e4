import type { Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeTargets } from "../audit-db/registry.ts";
import { findExcessRights } from "../audit-db/schema/explain-rights.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import { nameObject } from "../check-board/name-object.ts";
import { checks } from "../checks.ts";
import { createHistory } from "../collector/history/history.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import type { Evaluation } from "../evaluation/evaluate-check.ts";
import { explainRefusal } from "../queries/explain-refusal.ts";
import { reads } from "../reads.ts";
import { runRead } from "../run-read.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { lookAt } from "../testing/look.ts";
import { type Stranger, startStranger } from "../testing/stranger.ts";

const admin: Actor = { ...systemActor("test"), kind: "user", role: "admin" };

/** Statements in a sentence, or in what enables something: from their verb to the semicolon that ends them. */
const statement =
  /\b(?:ALTER|ANALYZE|CREATE|DROP|GRANT|REINDEX|REVOKE|VACUUM|SELECT(?= (?:pg_\w+\(|oid::)))\s(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[^;"'])*;/g;
/** What says by itself that something is still to be filled in. */
const isOutline = (text: string) => text.replace(/'…'/g, "").includes("…");
/** Cannot be taken back, or not within a transaction: only read. */
const harms = /^(ALTER SYSTEM|VACUUM|SELECT pg_|(CREATE|DROP|REINDEX) .*CONCURRENTLY)/;

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let stranger: Stranger;
  let console: TestDatabase;
  let evaluations: Evaluation[];

  beforeAll(async () => {
    [stranger, console] = await Promise.all([startStranger(server), createDatabase({ template: "console" })]);
    evaluations = await look(stranger.watchUrl);
  });
  afterAll(async () => {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    await Promise.all([stranger?.close(), console?.drop()]);
  });

  const look = (url: string) =>
    lookAt(checks, { audit: stranger.open(url), history: createHistory(console.sql) });

  test("what checks say of two objects is never one text", () => {
    for (const { check, answer } of evaluations) {
      const objects = answer?.objects ?? [];
      for (const texts of [
        objects.map(({ object }) => nameObject(object)),
        objects.map(({ words }) => words.title),
      ])
        expect([check.id, texts.filter((text, at) => texts.indexOf(text) !== at)]).toEqual([check.id, []]);
    }
  });

  test("the SQL that reads and checks offer runs as it stands", async () => {
    // What is offered together is run together: a role is made before it is granted something.
    const offered = new Map<string, string[]>();
    const sources = new Set<string>();
    const note = (from: string, text: string) => {
      const statements = [...text.matchAll(statement)]
        .map(([found]) => found)
        .filter((found) => !isOutline(found));
      if (statements.length === 0) return;
      offered.set(text, statements);
      sources.add(from);
    };
    for (const url of [stranger.watchUrl, stranger.plainUrl]) {
      await Promise.all([closeTargets(), closeConsoleDb()]);
      replaceEnv({ AUDIT_DATABASE_URL: url, CONSOLE_DATABASE_URL: console.url, LOG_LEVEL: "silent" });
      for (const name of Object.keys(reads))
        for (const input of name === "partitionLanes" ? defaults : [{}])
          walk(await runRead(admin, { name, target: "audit", input }), (text) => note(name, text));
    }
    for (const each of [...evaluations, ...(await look(stranger.plainUrl))])
      walk(each.answer, (text) => note(each.check.id, text));
    const explainRole = stranger.plainRole;
    const refused = { sqlState: "42501", text: 'select * from "a.b".c, a."b.c", "select"', explainRole };
    walk(await explainRefusal(stranger.sql, refused), (text) => note("explainRefusal", text));
    for (const { revoke } of await excessRights()) note("findExcessRights", revoke);

    const failures: string[] = [];
    for (const statements of offered.values()) {
      const problem = await tryOut(statements);
      if (problem) failures.push(`${statements.join("\n")} (${problem})`);
    }
    expect(failures).toEqual([]);
    expect([...sources]).toEqual(
      expect.arrayContaining([
        "explainRefusal",
        "findExcessRights",
        "maintenance.duplicate_index",
        "maintenance.invalid_index",
        "maintenance.sequence_used",
        "partitionLanes",
        "partitions.detach_pending",
        "partitions.hash_remainder_missing",
        "partitions.parent_analyzed",
        "queryPlanSetup",
        "runningQueries",
        "topQueries",
        "waitEvents",
      ]),
    );
  });

  /** Tables with a default partition, for which lanes offer a GRANT. */
  const defaults = [
    { schema: "Weird Schema.ü", root: 'Ev"ents . Ünïcode ☃' },
    { schema: "public", root: "regions" },
  ];

  /** What a role may do too much that was granted some of it on names with quotes and dots. */
  async function excessRights() {
    const role = `"${stranger.plainRole.replaceAll('"', '""')}"`;
    await stranger.sql.unsafe(`
      grant insert on "a.b".c, "Weird Schema.ü"."Ord""ers" to ${role};
      grant update ("at.v") on "Weird Schema.ü"."Ord""ers" to ${role};
      grant create on schema "Weird Schema.ü", "a.b" to ${role}`);
    return stranger.open(stranger.plainUrl).use("watch", "test", (sql) => findExcessRights(sql));
  }

  /** Runs it and takes it back, or has its syntax read where it cannot be taken back. */
  async function tryOut(statements: readonly string[]): Promise<string | null> {
    const done = new Error("done");
    const attempt = (work: (tx: Sql) => Promise<unknown>) =>
      stranger.sql
        .begin(async (tx) => {
          await work(tx as unknown as Sql);
          throw done;
        })
        .then(
          () => null,
          (thrown: Error) => (thrown === done ? null : thrown.message),
        );
    return attempt(async (tx) => {
      for (const text of statements)
        await tx.unsafe(
          harms.test(text) ? `do $offered$ begin if false then ${text} end if; end $offered$` : text,
        );
    });
  }
});

/** Every text in an answer, but for the statements of others. */
function walk(value: unknown, tell: (text: string) => void, name = ""): void {
  if (typeof value === "string" && name !== "query" && name !== "text" && name !== "runbook") tell(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  for (const [key, each] of Object.entries(value)) walk(each, tell, key);
}
