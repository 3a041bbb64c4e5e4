import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { createLogger } from "../log/log.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { expectedDuties } from "./expected-duties.ts";
import { noteFailure } from "./heartbeat.ts";
import { leadDuties } from "./lead-duties.ts";
import { createLeadership } from "./leadership.ts";
import { listDuties } from "./list-duties.ts";
import { repeat } from "./repeat.ts";

const logger = createLogger({ level: "silent", name: "test" });
const [collector, outbox, housekeeping] = expectedDuties({
  targets: [{ name: "audit", watchUrl: "", replicaUrls: [], demo: false }],
  MASTER_KEY_FILE: undefined,
  CHECKS_EVERY_SECONDS: 30,
});
if (!collector || !outbox || !housekeeping) throw new Error("three duties are expected of one target");
const quick = { ...outbox, everyMs: 5, retryMs: 5 };
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql`truncate history.leader, history.heartbeat, history.duty_failure`;
});

/** Runs rounds until `until` answers true, and ends them. */
async function during(work: (round: number) => Promise<void>, until: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  let round = 0;
  const running = repeat({ ...quick, sql: database.sql, logger, work: () => work(++round) }, stop.signal);
  try {
    await expect.poll(until, { timeout: 30_000, interval: 10 }).toBe(true);
  } finally {
    stop.abort();
    await running;
  }
}
const listed = () => listDuties(database.sql, [collector, outbox, housekeeping]);
const outboxNow = async () => (await listed())[1];

test("what never ran is listed, in the order of the list, and led by nobody", async () => {
  expect(await listed()).toEqual(
    [collector, outbox, housekeeping].map((duty) => ({
      ...duty,
      state: "unled",
      leader: null,
      lastBeat: null,
      nextDue: null,
      failure: null,
    })),
  );
});

test("a round that fails is told with its error, goes on, and is forgotten by the next that does not", async () => {
  const told: unknown[] = [];
  await during(
    async (round) => {
      if (round === 1) throw new AppError("UNAVAILABLE", "The target does not answer.");
      if (round === 2) {
        told.push((await outboxNow())?.failure);
        await database.sql`select 1 / 0`;
      }
      if (round === 3) told.push((await outboxNow())?.failure);
    },
    async () => (await outboxNow())?.lastBeat !== null,
  );
  expect(told).toEqual([
    { code: "UNAVAILABLE", message: "The target does not answer.", since: expect.any(Date) },
    {
      code: "INTERNAL",
      message: "The console database answered with an error (22012).",
      since: (told[0] as { since: Date }).since,
    },
  ]);
  expect(await outboxNow()).toMatchObject({ failure: null, lastBeat: expect.any(Date) });

  // The next failure began then, not with those that are over.
  await noteFailure(database.sql, "outbox", "*", new AppError("TIMEOUT", "Too slow."));
  const again = (await outboxNow())?.failure;
  expect(again?.code).toBe("TIMEOUT");
  expect(again?.since.getTime()).toBeGreaterThan((told[0] as { since: Date }).since.getTime());
});

test("a message that is not ours never reaches the list", async () => {
  await during(
    async () => {
      throw new Error("connect to postgres://u:hunter2@host failed");
    },
    async () => (await outboxNow())?.failure != null,
  );
  expect((await outboxNow())?.failure).toMatchObject({
    code: "INTERNAL",
    message: "An unexpected error was recorded in the console's log.",
  });
});

test("rounds end with their signal: one cut off by it is no failure", async () => {
  const stop = new AbortController();
  let rounds = 0;
  const work = async (signal: AbortSignal) => {
    rounds++;
    stop.abort();
    signal.throwIfAborted();
  };
  await repeat({ ...quick, sql: database.sql, logger, work }, stop.signal);
  expect(rounds).toBe(1);
  expect(await database.sql`select from history.heartbeat`).toHaveLength(0);
  expect(await database.sql`select from history.duty_failure`).toHaveLength(0);
});

test("a led duty tells who leads it; ten seconds after the lease nobody does", async () => {
  const leadership = createLeadership({ url: database.url, holder: "host:7:9", logger });
  leadership.lead("outbox", "*", (signal) =>
    repeat({ ...quick, sql: database.sql, logger, work: async () => {} }, signal),
  );
  try {
    await expect.poll(async () => (await outboxNow())?.lastBeat, { timeout: 30_000 }).not.toBeNull();
    expect(await outboxNow()).toMatchObject({
      state: "running",
      leader: { holder: "host:7:9", since: expect.any(Date) },
      nextDue: expect.any(Date),
    });
  } finally {
    await leadership.stop();
  }
  await database.sql`update history.leader set renewed_at = clock_timestamp() - interval '11 seconds'`;
  expect(await outboxNow()).toMatchObject({ state: "unled", leader: null, lastBeat: expect.any(Date) });
});

test("a duty without rounds that ends with an error is failing, and led anew", async () => {
  const leadership = createLeadership({
    url: database.url,
    holder: "host:7:9",
    logger,
    timing: { tickMs: 100, giveUpMs: 1_600, leaseSeconds: 10 },
  });
  let begun = 0;
  const work = {
    async collector() {
      begun++;
      throw new AppError("UNSUPPORTED", "The server is too old.");
    },
  } as unknown as Parameters<typeof leadDuties>[3];
  leadDuties(leadership, database.sql, [collector], work);
  try {
    await expect.poll(() => begun, { timeout: 30_000 }).toBeGreaterThan(1);
    expect((await listed())[0]).toMatchObject({
      state: "failing",
      lastBeat: null,
      failure: { code: "UNSUPPORTED", message: "The server is too old.", since: expect.any(Date) },
    });
  } finally {
    await leadership.stop();
  }
});
