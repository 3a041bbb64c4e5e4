import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { expectedDuties } from "../duties/expected-duties.ts";
import { inRounds, leadDuties } from "../duties/lead-duties.ts";
import { createLeadership } from "../duties/leadership.ts";
import { listDuties } from "../duties/list-duties.ts";
import { toAppError } from "../errors.ts";
import { createLogger } from "../log/log.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { type DeadMan, pingDeadMan } from "./ping-dead-man.ts";

let database: TestDatabase;
let server: Server;
let url: string;
/** Requests that came, and how the next are answered; null: not at all. */
let asked: string[];
let answer: number | null;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (answer !== null) response.writeHead(answer, { location: "/elsewhere" }).end("x".repeat(10_000));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-token`;
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await database?.drop();
});
beforeEach(async () => {
  asked = [];
  answer = 200;
  await database.sql`truncate check_evaluation, history.leader, history.heartbeat, history.duty_failure`;
});

/** As the evaluator writes it, so long ago. */
const evaluate = (target: string, secondsAgo: number, error: object | null = null) =>
  database.sql`
    insert into check_evaluation (target, check_id, evaluated_at, took_ms, complete, error)
    values (${target}, 'target.reachable', clock_timestamp() - make_interval(secs => ${secondsAgo}), 1, true,
      ${error && database.sql.json(error as never)})
    on conflict (target, check_id) do update set evaluated_at = excluded.evaluated_at`;

const settings = (more: Partial<DeadMan> = {}): DeadMan => ({
  ...{ sql: database.sql, url, targets: ["one", "two"], everySeconds: 30 },
  ...more,
});
const ping = async (more: Partial<DeadMan> = {}, signal = AbortSignal.timeout(60_000)) =>
  pingDeadMan(settings(more), signal).then(
    () => "ok",
    (thrown) => toAppError(thrown).message,
  );

test("it is pinged while every target's checks are evaluated in time, those of one that is down too", async () => {
  await evaluate("one", 1);
  // Down: what asks it fails, and that is written in time.
  await evaluate("two", 149, { code: "UNAVAILABLE", message: "down" });
  expect(await ping()).toBe("ok");
  expect(asked).toEqual(["GET /secret-token"]);
});

test("evaluations that stopped, of one target or that never began, stop the ping in words", async () => {
  await evaluate("one", 1);
  expect(await ping()).toBe(
    "No ping was sent: 1 target's checks are not evaluated in time; those of two last never.",
  );
  await evaluate("two", 601);
  await evaluate("one", 3_600);
  expect(await ping()).toBe(
    "No ping was sent: 2 targets' checks are not evaluated in time; those of one last 60 min ago.",
  );
  expect(asked).toEqual([]);
});

test("what answers otherwise, redirects or is not there is a failure that never names the address's path", async () => {
  await evaluate("one", 1);
  const one = { targets: ["one"] };
  const host = new URL(url).host;
  answer = 503;
  expect(await ping(one)).toBe(`${host} answered the ping with 503.`);
  answer = 302;
  expect(await ping(one)).toBe(`${host} answered the ping with 302.`);
  expect(asked).toEqual(["GET /secret-token", "GET /secret-token"]);
  const gone = createServer();
  await new Promise<void>((listening) => gone.listen(0, "127.0.0.1", listening));
  const nobody = `127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((closed) => gone.close(closed));
  expect(await ping({ ...one, url: `http://${nobody}/secret-token` })).toBe(
    `${nobody} did not answer the ping: ECONNREFUSED.`,
  );
});

test("a switch that never answers ends with its duty at once", async () => {
  await evaluate("one", 1);
  answer = null;
  const duty = new AbortController();
  const pinging = pingDeadMan(settings({ targets: ["one"] }), duty.signal);
  await expect.poll(() => asked.length).toBe(1);
  duty.abort();
  await expect(pinging).rejects.toMatchObject({ name: "AbortError" });
});

test("as a duty it pings while the evaluator works, stops with it, says so, and goes on when it does", async () => {
  const [found] = expectedDuties({
    ...{ targets: [], MASTER_KEY_FILE: undefined, CHECKS_EVERY_SECONDS: 30 },
    ALERT_PING_URL: url,
  }).filter(({ duty }) => duty === "ping");
  if (!found) throw new Error("nobody pings");
  expect(found).toMatchObject({ target: "*", everyMs: 60_000 });
  const quick = { ...found, everyMs: 20, retryMs: 20 };
  const logger = createLogger({ level: "silent", name: "test" });
  const leadership = createLeadership({ url: database.url, holder: "host:1:1", logger });
  const state = async () => (await listDuties(database.sql, [found]))[0];
  await evaluate("one", 1);
  const rounds = inRounds(
    { sql: database.sql, loggerOf: () => logger },
    () => (signal) => pingDeadMan(settings({ targets: ["one"] }), signal),
  );
  leadDuties(leadership, database.sql, [quick], { ping: rounds } as unknown as Parameters<
    typeof leadDuties
  >[3]);
  try {
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBeGreaterThan(2);
    await evaluate("one", 3_600);
    await expect.poll(async () => (await state())?.state, { timeout: 30_000 }).toBe("failing");
    const stopped = asked.length;
    expect((await state())?.failure?.message).toMatch(
      /^No ping was sent: .* those of one last 60 min ago\.$/,
    );
    expect(asked.length).toBe(stopped);
    await evaluate("one", 1);
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBeGreaterThan(stopped);
  } finally {
    await leadership.stop();
  }
});
