import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Drop } from "../audit-db/cache/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { openDropChannel } from "./drop-channel.ts";
import { askToForget, confirmForgetting } from "./forgotten-answers.ts";
import { listProcessSessions, type ProcessSession } from "./process-session.ts";

let database: TestDatabase;
let processes: ConsoleDb[];
beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  processes = [openConsoleDb(database.url), openConsoleDb(database.url)];
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.close()));
  await database.drop();
});

test("a drop reaches the other processes, not its sender, and nobody who no longer listens", async () => {
  const [a, b] = processes.map(({ sql }) => openDropChannel(sql));
  if (!a || !b) throw new Error("two processes");
  const [heardByA, heardByB]: Drop[][] = [[], []];
  a.listen((drop) => heardByA?.push(drop));
  const stop = b.listen((drop) => heardByB?.push(drop));
  const listening = () => database.sql`
    select from pg_stat_activity where datname = current_database() and query ilike 'listen%'`;
  await vi.waitFor(async () => expect(await listening()).toHaveLength(2), 20_000);
  await a.publish({ target: "audit", tags: ["*"] });
  await vi.waitFor(() => expect(heardByB).toEqual([{ target: "audit", tags: ["*"] }]), 20_000);
  await database.sql`select pg_notify('audit_db_cache_drops', 'nonsense')`;
  await b.publish({ target: "audit", keys: ["k"] });
  await vi.waitFor(() => expect(heardByA).toEqual([{ target: "audit", keys: ["k"] }]), 20_000);
  stop();
  await a.publish({ target: "audit", tags: ["x"] });
  expect(heardByB).toHaveLength(1);
});

describe("who forgets", () => {
  const held = { eu: 3, us: 4 };
  const engines = (["eu", "us"] as const).map((name) => ({
    forgetAnswers() {
      const had = held[name];
      held[name] = 0;
      return had;
    },
  }));
  const failed: unknown[] = [];
  const here = { host: hostname(), pid: process.pid };
  let asking: ConsoleDb;
  let session: ProcessSession;
  let backend: number;
  beforeAll(async () => {
    const [first, answering] = processes as [ConsoleDb, ConsoleDb];
    asking = first;
    session = confirmForgetting({ url: database.url, sql: answering.sql }, () => engines, {
      kind: "web",
      onError: (thrown) => failed.push(thrown),
    });
    backend = await vi.waitFor(() => {
      const now = session.backend();
      expect(now).not.toBeNull();
      return now as number;
    }, 20_000);
  });
  afterAll(() => session.stop());

  test("whoever asks hears from each process that it forgot, and from one that hears nothing nothing", async () => {
    Object.assign(held, { eu: 3, us: 4 });
    const began = Date.now();
    const [forgotten, ...more] = await askToForget(asking.sql, { backends: [backend], others: [] }, 20_000);
    expect(more).toEqual([]);
    expect(forgotten).toEqual({ ...here, backend, answers: 7, at: expect.any(String) });
    expect(Date.parse(forgotten?.at ?? "")).toBeGreaterThanOrEqual(began);
    const silent = { host: "elsewhere", pid: 1 };
    // One of the version before is known by its name alone.
    await vi.waitFor(
      async () =>
        expect(await askToForget(asking.sql, { backends: [], others: [here, silent] }, 300)).toMatchObject([
          here,
        ]),
      30_000,
    );
  });

  test("a process is listed by its session, forgets when that is lost, and has another one soon", async () => {
    const listed = () => listProcessSessions(asking.sql);
    expect(await listed()).toEqual([{ kind: "web", ...here, backend, since: expect.any(Date) }]);
    Object.assign(held, { eu: 3, us: 4 });
    await database.sql`select pg_terminate_backend(${backend})`;
    await vi.waitFor(() => expect(held).toEqual({ eu: 0, us: 0 }), 20_000);
    held.eu = 5;
    await vi.waitFor(() => expect(session.backend()).not.toBe(backend), { timeout: 20_000, interval: 20 });
    // What was said while it heard nothing may have been to forget.
    expect(held.eu).toBe(0);
    expect(await listed()).toMatchObject([{ ...here, backend: session.backend() }]);
  });

  test("one that stopped is listed no more, and confirms nothing", async () => {
    await session.stop();
    await vi.waitFor(async () => expect(await listProcessSessions(asking.sql)).toEqual([]), 20_000);
    expect(await askToForget(asking.sql, { backends: [], others: [here] }, 100)).toEqual([]);
    expect(failed).toEqual([]);
  });
});
