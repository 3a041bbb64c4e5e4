import { once } from "node:events";
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ScanWorld, startScanWorld } from "../../testing/scan-world.ts";
import { kill } from "../../testing/start-program.ts";
import { getScan } from "./get-scan.ts";
import { scanRequest } from "./scan-request.ts";

let world: ScanWorld;
beforeAll(async () => {
  world = await startScanWorld(18);
});
afterAll(() => world?.close());

test("no process but the one that looks knows what it looks for, and that one ends", async () => {
  const { person, folder, verifying } = world;
  const row = await verifying();
  const release = await locked();
  await world.succeed(scanRequest, { request: row.number });
  const pid = await searching();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)))
    for (const file of ["cmdline", "environ"]) {
      if (Number(name) === process.pid) continue;
      expect(read(`/proc/${name}/${file}`)).not.toContain(person);
    }
  expect(pid).toBeGreaterThan(0);
  await release();
  await world.settled();
  expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "done", listed: true });
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 30_000);
  const snapshot = path.join(folder, "heap.heapsnapshot");
  world.worker.send(snapshot);
  await once(world.worker, "message");
  const holds = async (text: string) => {
    let rest = "";
    for await (const piece of createReadStream(snapshot, "utf8")) {
      const here: string = rest + piece;
      if (here.toLowerCase().includes(text.toLowerCase())) return true;
      rest = here.slice(-500);
    }
    return false;
  };
  // The snapshot is one of the worker's: it knows the job, and not the person.
  expect(await holds("privacy.scan")).toBe(true);
  expect(await holds(person)).toBe(false);
});

test("a child that is killed is followed by another, a worker by one that goes on where it was", async () => {
  const { stateOf, verifying } = world;
  const row = await verifying();
  const release = await locked();
  await world.succeed(scanRequest, { request: row.number });
  const first = await searching();
  process.kill(first, "SIGKILL");
  const second = await searching(first);
  const steps = async () =>
    (
      await world.sql`select jsonb_array_length(checkpoint -> 'done') as n from job where state = 'running'`
    )[0]?.n ?? 0;
  const before = await steps();
  expect(before).toBeGreaterThan(5);
  await kill(world.worker);
  await vi.waitFor(() => expect(() => process.kill(second, 0)).toThrow(), 20_000);
  world.worker = await world.startWorker();
  await release();
  await vi.waitFor(
    async () => {
      const open = await world.sql`select from job where state in ('waiting', 'running')`;
      expect(open).toHaveLength(0);
    },
    { timeout: 90_000, interval: 200 },
  );
  const [job] = await world.sql`
    select state, attempt, jsonb_array_length(checkpoint -> 'done') as n from job where name = 'privacy.scan' order by id desc limit 1`;
  expect(job).toMatchObject({ state: "done", attempt: 2 });
  expect(job?.n).toBeGreaterThan(before);
  expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "done", listed: true });
  expect(await stateOf(row)).toBe("responding");
});

/** A table that every scan reads, held so that the one that looks stands there. */
async function locked(): Promise<() => Promise<void>> {
  const sql = postgres(world.consoleUrl, { max: 1, onnotice: () => {} });
  await sql`begin`;
  await sql`lock table telling_thread in access exclusive mode`;
  return async () => {
    await sql`rollback`;
    await sql.end();
  };
}

/** Waits until a child stands at that table. @returns its process id */
async function searching(other = 0): Promise<number> {
  return vi.waitFor(
    async () => {
      const waiting = await world.sql`
        select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%pg_relation_size%' and datname = current_database()`;
      expect(waiting.length).toBeGreaterThan(0);
      const pid = readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== other)
        .find(
          (entry) =>
            read(`/proc/${entry}/cmdline`).includes("search-child.ts") &&
            read(`/proc/${entry}/stat`).split(") ")[1]?.split(" ")[1] === String(world.worker.pid),
        );
      expect(pid).toBeDefined();
      return Number(pid);
    },
    { timeout: 60_000, interval: 50 },
  );
}

/** Empty where the process is gone, or another's. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
