import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { replayQuarantine } from "../../audit-db/append/replay-quarantine.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { AppError } from "../../errors.ts";
import { openMasterKeys } from "../../key-store/open-master-keys.ts";
import { goOnToTheEnd, goOnUntil } from "../../testing/go-on.ts";
import { askForPackage, storedArchive, unzip, workPackage } from "../../testing/packages.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";
import { moveRequest } from "../move-request.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import { openRequestKey } from "../sealed.ts";
import { passphrasePlace } from "./begin-package.ts";
import { createPackageJob } from "./package-job.ts";

let world: PrivacyWorld;
const person = "mina-1";
const events = 11;
const parts = ["standard", "minimal"].map((policy) => ({
  target: "eu",
  policy,
  decision: "grant" as const,
  ground: null,
}));

beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  for (let n = 0; n < events; n++)
    await world.append("eu", person, n % 3 === 0 ? "minimal" : "standard", n + 1);
});
afterAll(() => world?.close());

async function askedRequest(): Promise<RequestRow> {
  const { number } = await openTestRequest(world, { kind: "access", person });
  return moveTestRequest(world, number, "executing", { decision: { ground: null, parts } });
}

/** The files of a finished package, but for what names the request. */
async function filesOf(request: RequestRow): Promise<Record<string, string>> {
  const [row] = await world.sql`
    select id, state, passphrase from privacy_request_package where request_id = ${request.id}`;
  expect(row?.state).toBe("ready");
  const key = await openRequestKey(world.console.db, openMasterKeys(), request.id);
  const passphrase = key.open(passphrasePlace(row?.id), row?.passphrase).toString();
  key.forget();
  const files = await unzip(await storedArchive(world, request), passphrase);
  return {
    json: String(files["events.json"]),
    csv: String(files["events.csv"]),
    schema: String(files["events.schema.json"]),
  };
}

test("interrupted at every place from which it goes on, it comes to the same content", async () => {
  const whole = await askedRequest();
  const places: string[] = [];
  const job = await workPackage(world, await askForPackage(world, whole), {
    pageRows: 3,
    reached: async (place) => void places.push(place),
  });
  expect(job).toMatchObject({ state: "done", result: { events } });
  expect(places).toEqual([...pagesOf(places), "collected", "archive", "ready"]);
  expect(pagesOf(places).length).toBeGreaterThanOrEqual(4);
  const expected = await filesOf(whole);

  for (const place of places) {
    const request = await askedRequest();
    const id = await askForPackage(world, request);
    let stopped: Promise<void> | undefined;
    const worker = startTestJobs(
      { console: world.console, url: world.consoleUrl },
      [
        createPackageJob({
          pageRows: 3,
          async reached(at, signal) {
            if (at !== place) return;
            stopped = worker.stop();
            if (!signal.aborted) await once(signal, "abort");
            signal.throwIfAborted();
          },
        }),
      ],
      openConfiguredTarget,
    );
    await vi.waitFor(() => expect(stopped).toBeDefined(), { timeout: 20_000, interval: 10 });
    await stopped;
    const [cut] = await world.sql`select state from job where id = ${id}`;
    expect([place, cut?.state]).toEqual([place, "waiting"]);
    expect(await workPackage(world, id)).toMatchObject({ state: "done", result: { events } });
    expect(await filesOf(request)).toEqual(expected);
    const [row] = await world.sql`select state from privacy_request where id = ${request.id}`;
    expect(row?.state).toBe("responding");
    const kinds = await world.sql`
      select kind, count(*)::int as n from privacy_request_event where request_id = ${request.id} group by kind`;
    // Nothing is told twice.
    expect(kinds.find(({ kind }) => kind === "package_ready")?.n).toBe(1);
  }
}, 180_000);

const pagesOf = (places: readonly string[]) => places.filter((place) => place.startsWith("page"));

test("a worker that is killed in the middle leaves nothing wrong: another one goes on", async () => {
  const request = await askedRequest();
  const id = await askForPackage(world, request);
  const child = fork(
    path.join(import.meta.dirname, "../../testing/package-until-killed.ts"),
    [world.consoleUrl],
    {
      env: { ...process.env, ...world.environment },
    },
  );
  const exited = once(child, "exit");
  await vi.waitFor(
    async () => {
      const [{ n } = { n: 0 }] = await world.sql`
        select count(*)::int as n from privacy_package_piece join privacy_request_package p on p.id = package_id
        where request_id = ${request.id}`;
      expect(n).toBeGreaterThanOrEqual(3);
    },
    { timeout: 30_000, interval: 5 },
  );
  child.kill("SIGKILL");
  await exited;
  expect(await workPackage(world, id)).toMatchObject({ state: "done", result: { events } });
  expect(Object.keys(await filesOf(request))).toHaveLength(3);
});

test("a target that goes away, and a console without room, in the middle: it goes on, comes to the same end, and keeps nothing in clear", async () => {
  const whole = await askedRequest();
  await workPackage(world, await askForPackage(world, whole));
  const expected = await filesOf(whole);
  const request = await askedRequest();
  const id = await askForPackage(world, request);
  const { eu } = world.databases;
  const eachPiece = async () => {
    const rows = await world.sql`
      select n, position(${Buffer.from(person)} in content) as clear
      from privacy_package_piece join privacy_request_package p on p.id = package_id
      where request_id = ${request.id} and kind = 'part' order by n`;
    expect(rows.every(({ clear }) => clear === 0)).toBe(true);
    return rows.map(({ n }) => n);
  };
  /** Waits until the job has given its place back. */
  const given = (attempt: number) =>
    vi.waitFor(
      async () => {
        const [row] = await world.sql`select state, attempt, error from job where id = ${id}`;
        expect(row).toMatchObject({ state: "waiting", attempt });
      },
      { timeout: 30_000, interval: 20 },
    );
  const problem = async () => (await requireRequest(world.console.db, request.id)).problem;
  let gone = false;
  let pageKept = false;
  const worker = startTestJobs(
    { console: world.console, url: world.consoleUrl },
    [
      createPackageJob({
        pageRows: 3,
        async reached(place) {
          if (place === "page of 6" && !pageKept) {
            // The next rows have failed to be read by then.
            await setTimeout(1_500);
            pageKept = true;
          }
          if (place !== "page of 3" || gone) return;
          gone = true;
          await world.sql.begin((sql) => sql.unsafe(`alter database "${eu.name}" allow_connections false`));
          await world.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${eu.name}`;
        },
      }),
    ],
    openConfiguredTarget,
  );
  try {
    await given(1);
    // What is under way needs the request's key, which is forgotten with the attempt.
    expect(pageKept).toBe(true);
    expect(await problem()).toMatch(/^not finished: .*eu/);
    // A page is read ahead.
    expect((await eachPiece()).length).toBeLessThanOrEqual(5);
    await world.sql.unsafe(`alter database "${eu.name}" allow_connections true`);
    await world.sql.unsafe(`
      create function no_room() returns trigger language plpgsql as $$ begin
        if (select count(*) from privacy_package_piece where package_id = new.package_id) >= 7 then
          raise exception 'could not extend file: no space left on device' using errcode = '53100';
        end if;
        return new; end $$;
      create trigger no_room before insert on privacy_package_piece for each row execute function no_room();`);
    await vi.waitFor(() => expect(world.audit.eu.status().state).toBe("up"), 20_000);
    await goOnUntil(world.console, id, async () => {
      const [row] = await world.sql`select state, error from job where id = ${id}`;
      expect([row?.state, JSON.stringify(row?.error)]).toEqual(["waiting", expect.stringContaining("53100")]);
    });
    expect((await requireRequest(world.console.db, request.id)).state).toBe("executing");
    await eachPiece();
    await world.sql.unsafe("drop trigger no_room on privacy_package_piece; drop function no_room");
    await goOnToTheEnd(world.console, id);
    expect((await world.sql`select state, result from job where id = ${id}`)[0]).toMatchObject({
      state: "done",
      result: { events },
    });
  } finally {
    await worker.stop();
  }
  expect(await filesOf(request)).toEqual(expected);
  expect(await eachPiece()).toEqual([]);
  expect(await requireRequest(world.console.db, request.id)).toMatchObject({
    state: "responding",
    problem: null,
  });
});

test("an attempt that goes on beside the next one changes nothing of what that made", async () => {
  const request = await askedRequest();
  const id = await askForPackage(world, request);
  const made = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  let stopped: Promise<void> | undefined;
  const job = createPackageJob({
    pageRows: 3,
    async reached(place) {
      if (place !== `page of ${events}`) return;
      stopped = worker.stop();
      await made.promise;
    },
  });
  const run: typeof job.run = (context, input) => {
    const running = job.run(context, input);
    running.then(() => late.resolve(), late.reject);
    return running;
  };
  late.promise.catch(() => {});
  const worker = startTestJobs(
    { console: world.console, url: world.consoleUrl },
    [{ ...job, run }],
    openConfiguredTarget,
  );
  await vi.waitFor(() => expect(stopped).toBeDefined(), { timeout: 20_000, interval: 10 });
  await stopped;
  expect(await workPackage(world, id)).toMatchObject({ state: "done", result: { events } });
  const stands = () => world.sql`
    select state, kind, n, md5(content) from privacy_request_package p left join privacy_package_piece on package_id = p.id
    where request_id = ${request.id} order by kind, n`;
  const before = await stands();
  expect(before[0]).toMatchObject({ state: "ready", kind: "archive", n: 0 });
  made.resolve();
  await expect(late.promise).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await stands()).toEqual(before);
  expect((await requireRequest(world.console.db, request.id)).state).toBe("responding");
});

test("an archive that differs from what was made stops the request, and another one is made once it is resumed", async () => {
  const request = await askedRequest();
  const first = await workPackage(world, await askForPackage(world, request), {
    async reached(place) {
      if (place === "ready")
        await world.sql`
          delete from privacy_package_piece where n = 0 and package_id = (
            select id from privacy_request_package where request_id = ${request.id})`;
    },
  });
  expect(first).toMatchObject({
    state: "failed",
    error: { code: "CONFLICT", message: expect.stringContaining("piece 0 of 1 is not there") },
  });
  const read = () => requireRequest(world.console.db, request.id);
  expect(await read()).toMatchObject({ state: "failed", problem: "CONFLICT", resumesAt: "verifying" });
  await world.console.db.transaction(async (tx) =>
    moveRequest(tx, await read(), "resume", { actor: world.officer, now: new Date() }),
  );
  expect(await workPackage(world, await askForPackage(world, request))).toMatchObject({ state: "done" });
  expect(await read()).toMatchObject({ state: "responding", problem: null });
  const packages = await world.sql`
    select state from privacy_request_package where request_id = ${request.id} order by began_at`;
  expect(packages.map(({ state }) => state)).toEqual(["expired", "ready"]);
});

test("what fails for good stops the request with its code; a later job goes on with what was collected", async () => {
  const request = await askedRequest();
  const first = await workPackage(world, await askForPackage(world, request), {
    pageRows: 3,
    async reached(place) {
      if (place === "collected") throw new AppError("UNSUPPORTED", "There are no keys.");
    },
  });
  expect(first).toMatchObject({ state: "failed" });
  const read = () => requireRequest(world.console.db, request.id);
  expect(await read()).toMatchObject({ state: "failed", problem: "UNSUPPORTED", resumesAt: "executing" });
  const pieces = () => world.sql`
    select n, md5(content) from privacy_package_piece join privacy_request_package p on p.id = package_id
    where request_id = ${request.id} order by n`;
  const collected = await pieces();
  expect(collected.length).toBeGreaterThan(8);
  await world.console.db.transaction(async (tx) =>
    moveRequest(tx, await read(), "resume", { actor: world.officer, now: new Date() }),
  );
  const places: string[] = [];
  const second = await workPackage(world, await askForPackage(world, request), {
    pageRows: 3,
    async reached(place) {
      places.push(place);
      if (place === "collected") expect(await pieces()).toEqual(collected);
    },
  });
  expect(second).toMatchObject({ state: "done", result: { events } });
  expect(places).toEqual(["collected", "archive", "ready"]);
  expect((await read()).state).toBe("responding");
});

test("a piece that does not open any more is collected again with what stands behind it", async () => {
  const whole = await askedRequest();
  await workPackage(world, await askForPackage(world, whole));
  const request = await askedRequest();
  const id = await askForPackage(world, request);
  const of = world.sql`select id from privacy_request_package where request_id = ${request.id}`;
  const places: string[] = [];
  const worker = startTestJobs(
    { console: world.console, url: world.consoleUrl },
    [
      createPackageJob({
        pageRows: 3,
        async reached(place) {
          places.push(place);
          if (places.length !== 3) return;
          // The second page's CSV.
          await world.sql`
            update privacy_package_piece set content = set_byte(content, 20, get_byte(content, 20) # 1)
            where kind = 'part' and n = 4 and package_id = (${of})`;
          throw new Error("the third page was one too many");
        },
      }),
    ],
    openConfiguredTarget,
  );
  try {
    await goOnToTheEnd(world.console, id);
  } finally {
    await worker.stop();
  }
  expect(places.slice(0, 2)).toEqual(["page of 3", "page of 6"]);
  expect(places[3]).toBe("page of 6");
  expect(await filesOf(request)).toEqual(await filesOf(whole));
});

test("an event that leaves quarantine while its package is collected, or shortly before, comes once", async () => {
  const waited = "waited-7";
  const { sql } = world.databases.eu;
  const inLog = await Promise.all(
    Array.from({ length: 12 }, (_, day) => world.append("eu", waited, "standard", day + 1)),
  );
  const monthsAgo = async (days: number) => {
    const event = await world.append("eu", waited, "standard", days);
    const from = new Date(Date.now() - days * 86_400_000);
    const month = (more: number) =>
      new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + more)).toISOString();
    return async () => {
      await sql.unsafe(
        `create table audit_log_standard_${days} partition of audit_log_standard for values from ('${month(0)}') to ('${month(1)}')`,
      );
      const moved = await replayQuarantine(world.audit.eu, [event.id]);
      expect(moved).toEqual([{ id: event.id, outcome: "stored" }]);
      return event.id;
    };
  };
  const [before, meanwhile] = [await monthsAgo(5_000), await monthsAgo(5_500)];
  const ids = [...inLog.map(({ id }) => id), await before()];

  const { number } = await openTestRequest(world, { kind: "access", person: waited });
  const request = await moveTestRequest(world, number, "executing", { decision: { ground: null, parts } });
  const done = await workPackage(world, await askForPackage(world, request), {
    pageRows: 3,
    // The log is read beyond its place, the quarantine not yet.
    reached: async (place) => void (place === "page of 3" && ids.push(await meanwhile())),
  });
  expect(done).toMatchObject({ state: "done", result: { events: 14 } });
  const { json } = await filesOf(request);
  const told = (JSON.parse(json ?? "") as { id: string }[]).map(({ id }) => id);
  expect(told.toSorted()).toEqual(ids.toSorted());
});
