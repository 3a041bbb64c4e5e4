import { hostname } from "node:os";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openRedisCache } from "../../audit-db/cache/redis/redis-cache.ts";
import { confirmForgetting } from "../../engines/forgotten-answers.ts";
import { listProcessSessions } from "../../engines/process-session.ts";
import { goOnToTheEnd, goOnUntil } from "../../testing/go-on.ts";
import { type ScanWorld, startScanWorld } from "../../testing/scan-world.ts";
import { kill } from "../../testing/start-program.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { getScan } from "./get-scan.ts";
import { scanRequest } from "./scan-request.ts";

let world: ScanWorld;
beforeAll(async () => {
  world = await startScanWorld(18);
});
afterAll(() => world?.close());

test("no scan ends before each process has confirmed that it forgot: one that is frozen is waited for, one that is killed is known to be gone", async () => {
  const { redis, verifying } = world;
  const row = await verifying();
  const web = world.startProcess("lib/testing/serve-web.ts");
  const killed = world.startProcess("lib/worker.ts");
  // Of the version before, which has no session: one lives, the other has been silent for long.
  await world.sql`
      insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, engines)
      values (gen_random_uuid(), 'web', 'elsewhere', 4711, now(), now() + interval '1 minute', '{}'),
             (gen_random_uuid(), 'web', 'elsewhere', 4712, now(), now() - interval '11 minutes', '{}')`;
  try {
    await vi.waitFor(
      async () => {
        const pids = (await listProcessSessions(world.sql)).map(({ pid }) => pid);
        expect(pids.toSorted()).toEqual([web.pid, killed.pid, world.worker.pid].toSorted());
        const news = await Promise.all(
          (await redis.redis.keys("audit-db:instance:*")).map((key) => redis.redis.get(key)),
        );
        expect(news.filter((text) => typeof JSON.parse(text ?? "{}").session === "number")).toHaveLength(2);
      },
      { timeout: 60_000, interval: 50 },
    );
    web.kill("SIGSTOP");
    await kill(killed);
    // What the clock began there nobody does here.
    await world.sql`delete from job where name not like 'privacy.%'`;
    await world.succeed(scanRequest, { request: row.number });
    const waiting = await notFinished(row);
    const frozen = `web ${web.pid} on ${hostname()}`;
    await waitsFor(row, waiting, (problem) =>
      expect(problem).toBe(
        `not finished: ${frozen}, web 4711 on elsewhere have not confirmed that cached answers are forgotten`,
      ),
    );
    web.kill("SIGCONT");
    const other = confirmForgetting(
      { url: world.consoleUrl, sql: world.console.sql },
      () => [{ forgetAnswers: () => 12 }],
      { kind: "web", self: { host: "elsewhere", pid: 4711 }, onError() {} },
    );
    await vi.waitFor(() => expect(other.backend()).not.toBeNull(), 20_000);
    await goOnToTheEnd(world.console, waiting);
    await other.stop();
    const scan = await getScan(world.console.db, row.number);
    expect(scan).toMatchObject({ state: "done", listed: true });
    expect(await requireRequest(world.console.db, row.id)).toMatchObject({
      state: "responding",
      problem: null,
    });
    const caches = (scan?.places ?? []).filter(({ kind }) => kind === "cache");
    const told = (where: string, more: Partial<ScanPlace>) =>
      expect(caches).toContainEqual(
        expect.objectContaining({ where: expect.stringMatching(new RegExp(`^${where}`)), ...more }),
      );
    expect(caches).toHaveLength(5);
    told(`this process \\(${world.worker.pid}\\), \\d+ answers? forgotten, confirmed 20`, { state: "clean" });
    told(`${frozen}, \\d+ answers? forgotten, confirmed 20`, { state: "clean" });
    told("web 4711 on elsewhere, 12 answers forgotten, confirmed 20", { state: "clean" });
    told("web 4712 on elsewhere, silent since 20", { ground: expect.stringContaining("or is stopped") });
    told(`worker ${killed.pid} on ${hostname()}, silent since 20`, {
      ground: expect.stringContaining("session with the console's database ended"),
    });
  } finally {
    await Promise.all([kill(web), kill(killed)]);
    await world.sql`delete from history.instance`;
    await redis.redis.del("audit-db:instances");
  }
});

test("while Redis or a target is frozen or gone the scan says that it waits for it, and no answer is left there after it", async () => {
  const { person, redis, proxy, verifying } = world;
  const row = await verifying({ targets: ["eu", "us"] });
  const shared = openRedisCache(redis.url);
  const kept = () => {
    const entry = { value: person, observedAt: new Date(), costMs: 1, stamp: "" };
    const place = { target: "eu", name: "test.answer", ttlMs: 600_000 };
    return vi.waitFor(async () => {
      await shared.set("an answer", entry, place);
      expect(await shared.get("an answer")).toBeDefined();
    }, 20_000);
  };
  process.kill(redis.pid(), "SIGSTOP");
  const thaw = proxy.freeze();
  await world.succeed(scanRequest, { request: row.number });
  const waiting = await notFinished(row);
  await waitsFor(row, waiting, (problem) => {
    const [answers, target, ...more] = problem?.split("; ") ?? [];
    expect(answers).toMatch(
      /^not finished: answers that processes share could not be dropped. Redis does not answer: /,
    );
    expect([target, more]).toEqual(["us is unreachable: the server does not answer.", []]);
  });
  thaw();
  await redis.kill();
  await redis.restart();
  // As one that keeps its data on disk has them again.
  await kept();
  await goOnToTheEnd(world.console, waiting);
  expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "done", listed: true });
  expect(await requireRequest(world.console.db, row.id)).toMatchObject({
    state: "responding",
    problem: null,
  });
  expect(await shared.get("an answer")).toBeUndefined();
  await shared.close();
});

/** Waits until a scan has given its place back. @returns its job */
async function notFinished(row: RequestRow): Promise<string> {
  return vi.waitFor(
    async () => {
      const [job] = await world.sql`
        select id::text from job
        where name = 'privacy.scan' and input ->> 'request' = ${row.id} and state = 'waiting' and attempt > 0`;
      expect(job).toBeDefined();
      expect(await world.stateOf(row)).toBe("verifying");
      return job?.id;
    },
    { timeout: 60_000, interval: 50 },
  );
}

/** Waits until a scan says so, which goes on as often as busy cores had it wait for something else as well. */
const waitsFor = (row: RequestRow, job: string, told: (problem: string | null) => void) =>
  goOnUntil(world.console, job, async () => told((await requireRequest(world.console.db, row.id)).problem));
