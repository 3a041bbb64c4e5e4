import type { Sql } from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createLogger } from "../log/log.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createConsole } from "../testing/people.ts";
import { startPooler } from "../testing/pgbouncer.ts";
import { claimLost } from "./claim.ts";
import { endLostBackends, holdBackend } from "./target-backends.ts";

const logger = createLogger({ level: "silent", name: "test" });
const id = uuidV7();
let given: Awaited<ReturnType<typeof createConsole>>;
let database: TestDatabase;
let url: string;
let audit: AuditDb;
const engines: AuditDb[] = [];

function engine(maintenance: string): AuditDb {
  const made = connect({ target: "audit", urls: { watch: database.url, maintenance }, logger });
  engines.push(made);
  return made;
}

beforeAll(async () => {
  [given, database] = await Promise.all([createConsole(), createDatabase({ template: "empty" })]);
  url = await database.login();
  audit = engine(url);
});
afterAll(async () => {
  await Promise.all(engines.map((one) => one.close()));
  await Promise.all([given.drop(), database.drop()]);
});
beforeEach(async () => {
  await given.test.sql`truncate job cascade`;
  await given.test.sql`
    insert into job (id, entry_id, name, serial_key, input, actor_kind, actor_name, state, attempt)
    values (${id}, ${id}, 'test.job', 'test.job:', '{}', 'system', 'test', 'running', 2)`;
});

const notes = () => given.test.sql`select attempt, pid, purpose from job_backend where job_id = ${id}`;
const hold = (attempt: number, session: Sql, work: () => Promise<unknown>) =>
  holdBackend(
    { console: given.console, claim: { id, attempt }, lost: claimLost },
    "maintenance",
    session,
    work,
  );
const pidOf = async (session: Sql) => (await session`select pg_backend_pid() as pid`)[0]?.pid;

test("a session is on record for as long as it works, and the claim's holder alone may begin", async () => {
  await audit.use("maintenance", "test", async (session) => {
    const pid = await pidOf(session);
    await hold(2, session, async () => {
      expect(await notes()).toEqual([{ attempt: 2, pid, purpose: "maintenance" }]);
    });
    expect(await notes()).toEqual([]);
    let ran = false;
    const late = hold(1, session, async () => {
      ran = true;
    });
    await expect(late).rejects.toMatchObject({ code: "CONFLICT" });
    expect(ran).toBe(false);
    expect(await notes()).toEqual([]);
  });
});

test("what a lost claim left is ended, whatever has its pid or another's since then is not", async () => {
  // A process that is frozen: its session is open, in the middle of something.
  const frozen = engine(url);
  const cut = Promise.withResolvers<number>();
  const working = frozen.use("maintenance", "test", async (session) => {
    await given.test.sql`update job set attempt = 1`;
    await hold(1, session, async () => {
      await session`begin`;
      cut.resolve(await pidOf(session));
      await session`select pg_sleep(30)`;
    });
  });
  working.catch(() => {});
  const pid = await cut.promise;
  await given.test.sql`update job set attempt = 2`;
  // One that had the same pid at another time, and is somebody else's now.
  const bystander = await database.sql.reserve();
  const other = await pidOf(bystander);
  await given.test.sql`
    insert into job_backend values (${id}, 1, ${other}, now() - interval '1 day', 'maintenance')`;

  await endLostBackends(given.console, { id, attempt: 2 }, audit);
  const left = await database.sql`select pid from pg_stat_activity where pid in (${pid}, ${other})`;
  expect(left).toEqual([{ pid: other }]);
  expect(await notes()).toEqual([]);
  bystander.release();
  await expect(working).rejects.toThrow();
});

test("while the target is away nothing is taken for ended", async () => {
  await given.test.sql`insert into job_backend values (${id}, 1, 1, now(), 'maintenance')`;
  const gone = new URL(url);
  gone.port = "1";
  const ending = endLostBackends(given.console, { id, attempt: 2 }, engine(gone.href));
  await expect(ending).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await notes()).toHaveLength(1);
});

test("behind a transaction pooler no session is noted: it would be somebody else's the next moment", async () => {
  const pooler = await startPooler(database, url, { pool_mode: "transaction" });
  try {
    await engine(pooler.url).use("maintenance", "test", async (session) => {
      await hold(2, session, async () => expect(await notes()).toEqual([]));
      await expect(hold(1, session, async () => 1)).rejects.toMatchObject({ code: "CONFLICT" });
    });
  } finally {
    await pooler.stop();
  }
});
