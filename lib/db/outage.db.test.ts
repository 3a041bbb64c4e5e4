import { eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { signalServer } from "../testing/standby.ts";
import { type ConsoleDb, openConsoleDb } from "./console-db.ts";
import { isConsoleOutage } from "./errors.ts";
import { migrateConsole } from "./migrate.ts";
import { schema } from "./schema.ts";

const prompt = { doubtAfterMs: 500, probeWithinMs: 1_000 };
/** Both, and what busy cores add. */
const patienceMs = 5_000;
const secret = "0195aaaa-0000-7000-8000-00000000beef";
let cluster: Cluster;
let console: ConsoleDb;
let lines: { level: "warn" | "info"; message: string; fields: Record<string, unknown> }[];

beforeAll(async () => {
  cluster = await startCluster(18, { max_connections: "12" });
  await migrateConsole(cluster.url);
});
afterAll(async () => {
  signalServer(cluster, "SIGCONT");
  await cluster.destroy();
});
beforeEach(() => {
  lines = [];
  const note = (level: "warn" | "info") => (fields: object, message: string) =>
    void lines.push({ level, message, fields: fields as Record<string, unknown> });
  const logger = { debug() {}, error() {}, info: note("info"), warn: note("warn") } as never;
  console = openConsoleDb(cluster.url, { max: 2, patience: prompt, logger });
});
afterEach(() => console.close());

const bySession = () => console.db.select().from(schema.sessions).where(eq(schema.sessions.id, secret));
const answers = () => vi.waitFor(async () => expect(await bySession()).toEqual([]), 30_000);
const refusal = async (work: Promise<unknown>) => {
  const began = performance.now();
  const thrown = await work.then(
    () => expect.fail("it was answered"),
    (error: unknown) => error,
  );
  return { thrown: thrown as Error & { code: string }, ms: performance.now() - began };
};
/** Of five in turn, since any one may be held up. */
async function quickestRefusal(): Promise<number> {
  const took: number[] = [];
  while (took.length < 5) took.push((await refusal(bySession())).ms);
  return Math.min(...took);
}

test("a server that is away is UNAVAILABLE at once, in words and one line, until it is back", async () => {
  await bySession();
  await cluster.stop("immediate");
  try {
    for (let i = 0; i < 5; i++) {
      const { thrown, ms } = await refusal(i % 2 ? console.sql`select ${secret}` : bySession());
      expect(thrown).toMatchObject({ code: "UNAVAILABLE", retryable: true });
      expect(isConsoleOutage(thrown)).toBe(true);
      expect(ms).toBeLessThan(patienceMs);
      expect(String(thrown.stack) + thrown.message).not.toMatch(/select|0195aaaa/);
    }
    await vi.waitFor(() => expect(console.outage()).toMatchObject({ code: "UNAVAILABLE" }), 20_000);
    expect(await quickestRefusal()).toBeLessThan(100);
    expect(console.outage()?.since).toBeInstanceOf(Date);
  } finally {
    await cluster.start();
  }
  await answers();
  expect(console.outage()).toBeNull();
  expect(lines).toEqual([
    {
      level: "warn",
      message: "the console database is unavailable",
      fields: {
        code: "UNAVAILABLE",
        reason: expect.stringMatching(/cannot be reached|starting or shutting down/),
        hint: expect.any(String),
        since: expect.any(Date),
      },
    },
    {
      level: "info",
      message: "the console database answers again",
      fields: { outageSeconds: expect.any(Number) },
    },
  ]);
});

test("a frozen server fails what waits within its patience, transactions and those in the queue too", async () => {
  await bySession();
  const inside = Promise.withResolvers<void>();
  const frozen = Promise.withResolvers<void>();
  const transaction = console.db.transaction(async (tx) => {
    await tx.select().from(schema.sessions).limit(1);
    inside.resolve();
    await frozen.promise;
    await tx.select().from(schema.sessions).limit(1);
  });
  transaction.catch(() => {});
  await inside.promise;
  signalServer(cluster, "SIGSTOP");
  try {
    frozen.resolve();
    const waiting = [transaction, ...Array.from({ length: 20 }, () => refusal(bySession()))];
    const ended = await Promise.all(waiting.map((one) => one.catch((thrown) => ({ thrown, ms: 0 }))));
    for (const one of ended) {
      expect(one).toMatchObject({
        thrown: { code: "UNAVAILABLE", message: "The console database does not answer." },
      });
      expect((one as { ms: number }).ms).toBeLessThan(patienceMs);
    }
    expect(await quickestRefusal()).toBeLessThan(100);
  } finally {
    signalServer(cluster, "SIGCONT");
  }
  await answers();
  expect(lines.map(({ message }) => message)).toEqual([
    "the console database is unavailable",
    "the console database answers again",
  ]);
});

describe("what is no outage", () => {
  test("a slow statement", async () => {
    const [row] = await console.sql<{ done: boolean }[]>`select pg_sleep(2.2) is not null as done`;
    expect(row?.done).toBe(true);
    expect(lines).toEqual([]);
  });

  test("one lost connection fails its own statement and sends nothing more of its transaction", async () => {
    await console.sql`create table if not exists public.kept (n int)`;
    const lost = console.sql.begin(async (tx) => {
      await tx`insert into public.kept values (1)`;
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await console.sql`select pg_terminate_backend(${row?.pid ?? 0})`;
      await vi.waitFor(async () => {
        const left = await console.sql`select from pg_stat_activity where pid = ${row?.pid ?? 0}`;
        expect(left).toHaveLength(0);
      }, 20_000);
      await tx`insert into public.kept values (2)`;
    });
    await expect(lost).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await console.sql`select n from public.kept`).toEqual([]);
    expect(lines).toEqual([]);
  });

  test("a statement that the server refuses keeps its SQLSTATE and loses its parameters", async () => {
    const { thrown } = await refusal(
      console.db.insert(schema.sessions).values({
        id: secret,
        userId: secret,
        method: "password",
        createdAt: new Date(),
        lastSeenAt: new Date(),
        expiresAt: new Date(),
      }),
    );
    expect(thrown.code).toBe("23503");
    expect(`${thrown.message}${thrown.stack}${JSON.stringify(thrown)}`).not.toContain(secret);
  });
});

test("a new connection that waits while open ones are answered is asked anew, then told, and ends none of them", async () => {
  // As on a machine without a free processor: who is connected is served, who comes waits.
  await Promise.all([bySession(), console.sql`select 1`]);
  const postmaster = cluster.pid() ?? expect.fail("the server runs");
  process.kill(postmaster, "SIGSTOP");
  try {
    // The driver sends what somebody waits for.
    const slow = console.sql<{ done: boolean }[]>`select pg_sleep(5.5) is not null as done`.then(
      ([row]) => row,
    );
    const began = performance.now();
    const askUntil = async (ms: number) => {
      while (performance.now() - began < ms) expect(await bySession()).toEqual([]);
    };
    await askUntil(1_000);
    // This process is busy itself, past the probe's second and past when the probe's connection is ended.
    while (performance.now() - began < 2_200);
    await askUntil(2_500);
    expect([console.outage(), lines]).toEqual([null, []]);
    await vi.waitFor(async () => {
      expect(await bySession()).toEqual([]);
      expect(console.outage()).toMatchObject({ message: "The console database does not answer." });
    }, 30_000);
    let answered = false;
    const noted = () => {
      answered = true;
    };
    slow.then(noted, noted);
    // Open connections go on being answered, or the server would count as one that answers nobody.
    while (!answered) expect(await bySession()).toEqual([]);
    expect((await slow)?.done).toBe(true);
  } finally {
    process.kill(postmaster, "SIGCONT");
  }
  await vi.waitFor(() => expect(lines).toHaveLength(2), 30_000);
});

test("without a free connection slot: those that are open go on, the others are told, one line", async () => {
  await bySession();
  const holder = postgres(cluster.url, { max: 30, connection: { application_name: "holder" } });
  const full = Promise.withResolvers<void>();
  const held = Array.from({ length: 30 }, () => holder`select pg_sleep(30)`.catch(() => full.resolve()));
  try {
    await full.promise;
    await expect(console.sql`select 1`).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await vi.waitFor(
      () =>
        expect(console.outage()).toMatchObject({ message: "The console database has no connection left." }),
      20_000,
    );
    expect(await bySession()).toEqual([]);
    expect(lines).toHaveLength(1);
  } finally {
    await console.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holder'`,
    );
    await holder.end({ timeout: 0 });
    await Promise.all(held);
  }
  await vi.waitFor(() => expect(lines).toHaveLength(2), 30_000);
});

test("where others of the pool are open, a statement waits for one of them rather than fail for want of a slot", async () => {
  const holder = postgres(cluster.url, { max: 30, connection: { application_name: "holder" } });
  const [row] = await console.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const full = Promise.withResolvers<void>();
  const held = Array.from({ length: 30 }, () => holder`select pg_sleep(30)`.catch(() => full.resolve()));
  try {
    await full.promise;
    const pids = await Promise.all(
      [1, 2, 3].map(async () => {
        const [own] = await console.sql<{ pid: number }[]>`select pg_backend_pid() as pid, pg_sleep(0.2)`;
        return own?.pid;
      }),
    );
    expect(pids).toEqual([row?.pid, row?.pid, row?.pid]);
  } finally {
    await console.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holder'`;
    await holder.end({ timeout: 0 });
    await Promise.all(held);
  }
});
