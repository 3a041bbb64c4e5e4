import type { ChildProcess } from "node:child_process";
import postgres, { type Sql } from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { keepIncidents } from "./alerting/keep-incidents.ts";
import { recordRound } from "./alerting/record-round.ts";
import { connect } from "./audit-db/connect.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { deliverChannel, listDueChannels } from "./channels/deliver-channel.ts";
import { createReach } from "./channels/send/reach.ts";
import { senders } from "./channels/send/senders.ts";
import { tellIncidents } from "./channels/tell-incidents.ts";
import { createHistory } from "./collector/history/history.ts";
import { type ConsoleDb, openConsoleDb } from "./db/console-db.ts";
import { migrateConsole } from "./db/migrate.ts";
import { evaluationRound } from "./evaluation/evaluation-round.ts";
import { createLogger } from "./log/log.ts";
import { reachable } from "./targets/check-reachable.ts";
import { type Cluster, startCluster } from "./testing/cluster.ts";
import { type Receiver, startReceiver } from "./testing/messages.ts";
import { parcelCheck, parcelTelling } from "./testing/parcel-check.ts";
import { signalServer } from "./testing/standby.ts";
import { kill, startProgram } from "./testing/start-program.ts";

const logger = createLogger({ level: "silent", name: "test" });
const never = new AbortController().signal;
const channelId = "01900000-0000-7000-8000-00000000cafe";
/** Of what a process or a server does, however loaded the machine is. */
const patience = { timeout: 90_000, interval: 50 };

let consoleServer: Cluster;
let targetServer: Cluster;
let console: ConsoleDb;
let target: Sql;
let audit: AuditDb;
let receiver: Receiver;
const children: ChildProcess[] = [];

beforeAll(async () => {
  [consoleServer, targetServer, receiver] = await Promise.all([
    startCluster(18),
    startCluster(18),
    startReceiver(),
  ]);
  await migrateConsole(consoleServer.url);
  console = openConsoleDb(consoleServer.url, { max: 4 });
  target = postgres(targetServer.url, { max: 1, onnotice: () => {} });
  await target`create table parcel (name text primary key, kg float8)`;
  audit = connect({ target: "t", urls: { watch: targetServer.url }, logger });
  const config = { url: `${receiver.url}/ops` };
  await console.sql`
    insert into channel (id, kind, name, config, details, enabled, created_at, changed_at, changed_by_name)
    values (${channelId}, 'webhook', 'ops', ${console.sql.json(config)}, false, true, now(), now(), 'Ada')`;
  await console.sql`truncate route`;
  await console.sql`
    insert into route (id, position, name, matchers, severities, group_wait_seconds, group_interval_seconds,
                       repeat_seconds, go_on, changed_at, changed_by_name)
    values ('default', 1, 'Everything', '[]', '["warning", "critical"]', 0, 0, 3600, false, now(), 'Ada')`;
});
afterAll(async () => {
  signalServer(targetServer, "SIGCONT");
  await Promise.all([audit?.close(), target?.end({ timeout: 1 }), console?.close(), receiver?.close()]);
  await Promise.all([consoleServer?.destroy(), targetServer?.destroy()]);
});
beforeEach(async () => {
  await console.sql`
    truncate check_state, check_evaluation, alert, alert_span, incident, incident_event, delivery
    restart identity cascade`;
  await target`truncate parcel`;
  receiver.received.length = 0;
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
});

const evaluator = (
  given: { clock?: () => number; checks?: Parameters<typeof evaluationRound>[0]["checks"] } = {},
) => {
  const round = evaluationRound({
    ...{ sql: console.sql, audit, checks: [parcelCheck], history: createHistory(console.sql), logger },
    ...{ instances: async () => [], upkeep: async () => [], record: recordRound, ...given },
  });
  return () => round(never);
};
const tell = (now?: Date) => tellIncidents({ console, ...parcelTelling }, now);
const incidents = async () =>
  (
    await console.sql`
      select condition, firing, telling, unconfirmed_since is not null as blind from incident order by number`
  ).map((row) => Object.values(row));
const told = async () =>
  (await console.sql`select kind from delivery order by number`).map(({ kind }) => kind as string);
const weigh = (name: string, kg: number) => target`
  insert into parcel values (${name}, ${kg}) on conflict (name) do update set kg = excluded.kg`;

async function restartConsole(between: () => Promise<unknown> = async () => {}): Promise<void> {
  await consoleServer.stop("immediate");
  try {
    await between();
  } finally {
    await consoleServer.start();
  }
  await vi.waitFor(() => console.sql`select 1`, patience);
}

function startWorker(more: Record<string, string> = {}): ChildProcess {
  const child = startProgram("lib/testing/evaluate-and-tell.ts", {
    CONSOLE_DATABASE_URL: consoleServer.url,
    TARGET_URL: targetServer.url,
    ...more,
  });
  children.push(child);
  return child;
}

const holderOf = async (duty: string) => {
  const [row] = await console.sql<{ holder: string }[]>`
    select holder from history.leader join pg_stat_activity on pid = backend_pid where duty = ${duty}`;
  return Number(row?.holder.split(":")[1] ?? 0);
};

test("the console database restarts before a fire is told, and between two rounds: each is told once", async () => {
  const round = evaluator();
  await weigh("a", 6);
  await round();
  await restartConsole(() => expect(tell()).rejects.toThrow());
  expect([await tell(), await tell()]).toEqual([1, 0]);
  await weigh("b", 9);
  await restartConsole(() => expect(round()).rejects.toThrow());
  await round();
  expect(await incidents()).toEqual([["firing", 2, 2, false]]);
  expect([await tell(), await tell()]).toEqual([1, 0]);
  await target`truncate parcel`;
  await round();
  await restartConsole();
  // Nothing was sent, so that nobody is told of a fire that is over.
  expect([await tell(), await tell(), await told()]).toEqual([1, 0, ["fired", "rose"]]);
  expect(await incidents()).toEqual([["normal", 0, 2, false]]);
});

test("a target that freezes: its alerts fire on unconfirmed, the outage fires, and thawed both are seen again", async () => {
  const round = evaluator({ checks: [reachable, parcelCheck] });
  const condition = async () =>
    (
      await console.sql`
        select check_id, condition, unconfirmed_since is not null as blind from alert order by check_id desc`
    ).map((row) => Object.values(row));
  await weigh("a", 6);
  await vi.waitFor(async () => {
    await round();
    expect(await condition()).toEqual([["test.parcel", "firing", false]]);
  }, patience);
  signalServer(targetServer, "SIGSTOP");
  try {
    await vi.waitFor(() => expect(audit.status().state).toBe("down"), patience);
    for (let times = 0; times < 2; times++) {
      await round();
      expect(await condition()).toEqual([
        ["test.parcel", "firing", true],
        ["target.reachable", "firing", false],
      ]);
    }
  } finally {
    signalServer(targetServer, "SIGCONT");
  }
  await vi.waitFor(() => expect(audit.status().state).toBe("up"), patience);
  await vi.waitFor(async () => {
    await round();
    expect(await condition()).toEqual([
      ["test.parcel", "firing", false],
      // It waits a minute for the next outage.
      ["target.reachable", "recovering", false],
    ]);
  }, patience);
  const kinds = await console.sql`
    select kind from incident_event join incident on incident.id = incident_id
    where check_id = ${parcelCheck.id} order by seq`;
  expect(kinds.map(({ kind }) => kind)).toEqual(["opened", "unconfirmed", "confirmed"]);
});

test("an evaluator killed after it wrote the states and before anybody was told: the next tells, once", async () => {
  const first = startWorker({ TELLS: "no" });
  await weigh("a", 6);
  await vi.waitFor(async () => expect(await incidents()).toEqual([["firing", 1, 1, false]]), patience);
  await kill(first);
  expect(await told()).toEqual([]);
  startWorker();
  await vi.waitFor(async () => expect(await told()).toEqual(["fired"]), patience);
  const [before] = await console.sql`select max(evaluated_at) as at from check_evaluation`;
  await vi.waitFor(async () => {
    const [now] = await console.sql`select max(evaluated_at) as at from check_evaluation`;
    expect(now?.at.getTime()).toBeGreaterThan(before?.at.getTime() + 500);
  }, patience);
  expect(await told()).toEqual(["fired"]);
  expect(await incidents()).toEqual([["firing", 1, 1, false]]);
});

test("of two workers the leader is killed within the transaction of a round: one incident, told once, and its end", async () => {
  const workers = [startWorker(), startWorker()];
  await vi.waitFor(async () => {
    expect(workers.map(({ pid }) => pid)).toContain(await holderOf("checks"));
    expect(await console.sql`select from check_evaluation`).toHaveLength(1);
  }, patience);
  // Both run: who takes over is no matter of how soon a program is loaded.
  await vi.waitFor(async () => {
    const [row] = await console.sql`
      select count(*)::int as n from pg_stat_activity where application_name like '%leadership'`;
    expect(row?.n).toBe(2);
  }, patience);
  const leading = await holderOf("checks");
  const leader = workers.find(({ pid }) => pid === leading);
  if (!leader) throw new Error("nobody leads");
  const gate = postgres(consoleServer.url, { max: 1 });
  await gate`begin`;
  await gate`lock table incident in exclusive mode`;
  await weigh("a", 6);
  // The states are written, not committed: it waits to lock the incidents.
  await vi.waitFor(async () => {
    const waiting = await gate`
      select from pg_locks where relation = 'incident'::regclass and not granted`;
    expect(waiting.length).toBeGreaterThan(0);
  }, patience);
  await kill(leader);
  await gate`commit`;
  await gate.end();
  await vi.waitFor(async () => expect(await told()).toEqual(["fired"]), patience);
  const heir = workers.find((worker) => worker !== leader);
  await vi.waitFor(async () => expect(await holderOf("checks")).toBe(heir?.pid), patience);
  await target`truncate parcel`;
  await vi.waitFor(async () => expect(await incidents()).toEqual([["normal", 0, 1, false]]), patience);
  // It was not sent: withdrawn.
  await vi.waitFor(
    async () => expect(await console.sql`select state from delivery`).toEqual([{ state: "withdrawn" }]),
    patience,
  );
});

test("the clock jumps an hour ahead and back: nothing is told twice or ends, and what is new is told at once", async () => {
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const round = evaluator({ clock: () => now().getTime() });
  const deliver = async () => {
    const given = {
      ...{ console, masterKeys: undefined, senders, reach: createReach(["127.0.0.1"]), logger },
      ...{ mail: { url: undefined, from: undefined }, timeoutMs: 5_000, clock: now },
    };
    for (const id of await listDueChannels(given)) await deliverChannel(id, given, never);
  };
  const keep = () =>
    keepIncidents({
      sql: console.sql,
      checks: [parcelCheck],
      missedAfterMs: 110_000,
      clock: () => now().getTime(),
    });
  await weigh("a", 6);
  await round();
  expect(await tell(now())).toBe(1);
  ahead = 3_590_000;
  // Nothing looked for an hour, as far as it knows.
  expect(await keep()).toEqual({ closed: 0, returned: 0, missed: 1 });
  expect(await incidents()).toEqual([["firing", 1, 1, true]]);
  await round();
  expect(await incidents()).toEqual([["firing", 1, 1, false]]);
  await weigh("b", 6);
  await round();
  expect(await tell(now())).toBe(1);
  ahead = 0;
  await round();
  expect(await keep()).toEqual({ closed: 0, returned: 0, missed: 0 });
  expect([await tell(now()), await incidents()]).toEqual([0, [["firing", 2, 2, false]]]);
  await weigh("c", 6);
  await round();
  expect([await tell(now()), await incidents()]).toEqual([1, [["firing", 3, 3, false]]]);
  await deliver();
  expect(await console.sql`select kind, state from delivery order by number`).toEqual([
    { kind: "fired", state: "delivered" },
    { kind: "changed", state: "delivered" },
    { kind: "changed", state: "delivered" },
  ]);
  expect(receiver.received).toHaveLength(3);
  await target`truncate parcel`;
  await round();
  expect([await tell(now()), await incidents()]).toEqual([1, [["normal", 0, 3, false]]]);
  await deliver();
  expect(await told()).toEqual(["fired", "changed", "changed", "resolved"]);
});
