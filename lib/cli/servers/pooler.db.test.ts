import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { answerRead } from "../../api/answer-read.ts";
import { endpoints } from "../../api/endpoints.ts";
import { closeTargets, openTarget } from "../../audit-db/registry.ts";
import { type Actor, systemActor } from "../../auth/actor.ts";
import { poolerPoolWaits } from "../../connections/check-pooler-pool.ts";
import { readPooler } from "../../connections/read-pooler.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { env, replaceEnv } from "../../env.ts";
import { runProgram } from "../../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { judge } from "../../testing/judge.ts";
import { startPooler } from "../../testing/pgbouncer.ts";
import { silent } from "../silent.ts";

const viewer: Actor = { ...systemActor("test"), kind: "token", role: "viewer" };
let database: TestDatabase;
let console: TestDatabase;
let busy: string;
let idle: string;
let pooler: Awaited<ReturnType<typeof startPooler>>;
let environment: Record<string, string>;

beforeAll(async () => {
  [database, console] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
  ]);
  [busy, idle] = [await database.login(["pg_monitor"]), await database.login()];
  const settings = {
    pool_mode: "transaction",
    default_pool_size: "2",
    stats_users: new URL(busy).username,
  };
  pooler = await startPooler(database, busy, settings, [idle]);
  environment = {
    AUDIT_DATABASE_URL: busy,
    AUDIT_POOLER_URL: pooler.adminUrl,
    CONSOLE_DATABASE_URL: console.url,
    LOG_LEVEL: "silent",
  };
  replaceEnv(environment);
});
afterAll(async () => {
  await Promise.all([closeTargets(), closeConsoleDb()]);
  await pooler?.stop();
  await Promise.all([database?.drop(), console?.drop()]);
});

const through = (url: string, max: number) =>
  postgres(Object.assign(new URL(pooler.url), { username: new URL(url).username }).href, {
    ...{ max, prepare: false, fetch_types: false },
  });

async function run(...args: string[]): Promise<string> {
  const ran = await runProgram(args, { env: environment });
  expect(ran.code, ran.stderr).toBe(0);
  return ran.stdout;
}

const target = () => {
  const [first] = env().targets;
  if (!first) throw new Error("no target");
  return openTarget(first, { logger: silent });
};

test("of two users' pools the full one is judged and named at every door, though half of all connections are free", async () => {
  const [first, second] = [through(busy, 4), through(idle, 1)];
  const release = Promise.withResolvers<void>();
  const hold = () =>
    first.begin(async (tx) => {
      await tx.unsafe("select 1").simple();
      await release.promise;
    });
  try {
    await second.unsafe("select 1").simple();
    const held = [hold(), hold(), hold(), hold()];
    await vi.waitFor(
      async () =>
        expect(await readPooler(pooler.adminUrl)).toMatchObject({
          ...{ clientsWaiting: 2, serversActive: 2, serversMax: 4 },
          maxWaitSeconds: expect.toSatisfy((seconds) => seconds > 0.1),
        }),
      30_000,
    );

    const [user, other] = [new URL(busy).username, new URL(idle).username];
    const limits = { warning: 0.1, critical: 600 };
    const { objects, complete } = await judge(poolerPoolWaits, target(), { limits });
    expect([complete, objects]).toMatchObject([
      true,
      [
        {
          object: { kind: "pooler_pool", name: `${user}@${database.name}` },
          state: "warning",
          words: {
            title: expect.stringMatching(
              `^In PgBouncer 2 clients wait as user ${user} for database ${database.name}, the first for \\d+ s\\.$`,
            ),
            detail: expect.stringMatching(/^This pool may open 2 server connections and all are in use/),
          },
        },
        {
          object: { kind: "pooler_pool", name: `${other}@${database.name}` },
          state: "ok",
          value: 0,
          words: {
            title: `Nobody waits in PgBouncer as user ${other} for database ${database.name}.`,
            detail: "Server connections in use: 0 of 2.",
          },
        },
      ],
    ]);

    const figures = { database: database.name, serversMax: 2, paused: false };
    const pools = [
      { ...figures, user, clientsActive: 2, clientsWaiting: 2, serversActive: 2, serversIdle: 0 },
      { ...figures, user: other, clientsWaiting: 0, serversActive: 0, serversIdle: 1, maxWaitSeconds: 0 },
    ];
    const answer = await answerRead(endpoints.poolerPools, {
      ...{ actor: viewer, url: "http://console/api", parameters: { target: "audit" } },
    });
    expect([answer.status, (await answer.json()).data]).toMatchObject([200, { pools }]);
    expect(JSON.parse(await run("pooler", "--json"))).toMatchObject({ pools });
    const [head, ...lines] = (await run("pooler")).trimEnd().split("\n");
    expect(head?.split(/ {2,}/).slice(0, 4)).toEqual(["user", "database", "clients", "waiting"]);
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      [user, database.name, "2", "2", expect.stringMatching(/ m?s$/), "2", "2"],
      [other, database.name, "1", "0", "–", "0", "2"],
    ]);
    release.resolve();
    await Promise.all(held);
    const free = await judge(poolerPoolWaits, target(), { limits });
    expect(free.objects.map(({ state, value }) => [state, value])).toEqual([
      ["ok", 0],
      ["ok", 0],
    ]);
  } finally {
    release.resolve();
    await Promise.all([first, second].map((sql) => sql.end({ timeout: 1 })));
  }
});

test("without a pooler the check says how to name one, and so does the program", async () => {
  const { AUDIT_POOLER_URL: _, ...without } = environment;
  await closeTargets();
  replaceEnv(without);
  try {
    const { objects } = await judge(poolerPoolWaits, target());
    expect(objects).toMatchObject([
      {
        state: "unavailable",
        unavailable: { code: "not_configured", enable: expect.stringMatching(/^AUDIT_POOLER_URL=/) },
      },
    ]);
  } finally {
    await closeTargets();
    replaceEnv(environment);
  }
});
