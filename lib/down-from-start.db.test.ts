import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { closeTargets } from "./audit-db/registry.ts";
import { closeConsoleDb } from "./db/console-db.ts";
import { openEngine } from "./engines/open-engine.ts";
import { env, replaceEnv } from "./env.ts";
import { describeError } from "./log/log-error.ts";
import type { ReadResult } from "./result.ts";
import { askAll, sampleAll } from "./testing/ask-everything.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";

let console: TestDatabase;
let audit: TestDatabase;
beforeAll(async () => {
  [console, audit] = await Promise.all([
    createDatabase({ template: "console" }),
    createDatabase({ template: "empty" }),
  ]);
});
afterEach(() => Promise.all([closeTargets(), closeConsoleDb()]));
afterAll(() => Promise.all([console?.drop(), audit?.drop()]));

interface Overview {
  status: { state: string; since: Date; atLeast?: true; reason: string };
  verdict: { title: string; since: Date };
  tiles: { id: string; note: string | null }[];
}
const live = new Set(["connections", "partitionRunway", "size", "replicationLag"]);

/** Answers of every read while the target of the environment is down. */
async function askDown(
  url: string,
): Promise<{ answers: Record<string, ReadResult<unknown>>; overview: Overview }> {
  replaceEnv({ AUDIT_DATABASE_URL: url, CONSOLE_DATABASE_URL: console.url, LOG_LEVEL: "silent" });
  const answers = await askAll({});
  const { overview } = answers as unknown as { overview: { data: Overview } };
  return { answers, overview: overview.data };
}

const nothing = "nothing listens at that host and port";
/** A free one could be taken by a server of another test before it is asked. */
const closed = "127.0.0.1:1";
const closedToo = "127.0.0.1:2";

test.each([
  ["nothing listens", async () => `postgres://w:x@${closed}/audit`, nothing],
  ["nothing listens at either host", async () => `postgres://w:x@${closed},${closedToo}/audit`, nothing],
  [
    "no such host",
    async () => "postgres://w:x@nowhere.invalid:5432/audit",
    "the host name cannot be resolved",
  ],
  ["a wrong password", async () => audit.url.replace(":test@", ":wrong@"), "the server refused the password"],
])("a target that is down from the start, %s, is told as that everywhere", async (_, url, reason) => {
  const { answers, overview } = await askDown(await url());
  const codes = Object.values(answers).flatMap((answer) => (answer.ok ? [] : [answer.error.code]));
  expect(codes).not.toContain("INTERNAL");
  expect(JSON.stringify(answers)).not.toContain("unexpected");
  expect(overview.status).toMatchObject({ state: "down", atLeast: true, reason });
  expect(overview.verdict.title).toMatch(/^audit has not answered for at least \d+ s: /);
  const notes = overview.tiles.filter(({ id }) => live.has(id)).map(({ note }) => note);
  expect(notes).toEqual(Array(4).fill(`audit is unreachable: ${reason}.`));
});

test("an outage began when the target answered last, not when a process first looked", async () => {
  replaceEnv({ AUDIT_DATABASE_URL: audit.url, CONSOLE_DATABASE_URL: console.url, LOG_LEVEL: "silent" });
  await sampleAll(console.url, Date.now());
  await console.sql`update history.collecting set newest_at = newest_at - interval '1 hour'`;
  const [last] = await console.sql<{ at: Date }[]>`select max(newest_at) as at from history.collecting`;
  const { answers, overview } = await askDown(`postgres://w:x@${closed}/audit`);
  expect(overview.status).toMatchObject({ state: "down", since: last?.at });
  expect(overview.status).not.toHaveProperty("atLeast");
  expect(overview.verdict).toMatchObject({
    since: last?.at,
    title: `audit has not answered for 60 min: ${nothing}.`,
  });
  // Whatever else is asked tells the same moment.
  expect(answers.serverConnections).toMatchObject({
    ok: false,
    error: { code: "UNAVAILABLE", since: last?.at },
  });
  // An outage on record that began later is the one that lasts.
  const at = new Date(Date.now() - 1_800_000);
  await console.sql`
    insert into history.target_event (target, at, kind, severity, title, detail)
    values ('audit', ${at}, 'outage', 'critical', 'The database cannot be reached', '{}')`;
  await Promise.all([closeTargets(), closeConsoleDb()]);
  const again = await askDown(`postgres://w:x@${closed}/audit`);
  expect(again.overview.status.since).toEqual(at);
});

test("an outage is a line in the log, without a stack", async () => {
  const { answers } = await askDown(`postgres://w:x@${closed}/audit`);
  expect(answers.serverConnections).toMatchObject({ ok: false, error: { code: "UNAVAILABLE" } });
  const [target] = env().targets;
  const thrown =
    target &&
    (await openEngine(target)
      .server()
      .catch((error: unknown) => error));
  const told = describeError(thrown);
  expect(told).toMatchObject({ type: "AppError", code: "UNAVAILABLE" });
  expect(JSON.stringify(told)).not.toContain('"stack"');
});
