import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import postgres from "postgres";
import { afterAll, describe, expect, test, vi } from "vitest";
import { breakOff } from "../testing/break-off.ts";
import { further, plain, type Scenario } from "../testing/killed-scenarios.ts";
import { type PartitionWorld, startPartitionWorld } from "../testing/partition-world.ts";
import { kill, startProgram } from "../testing/start-program.ts";
import type { PartitionsOrder } from "../testing/work-partitions.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { partitionsVerbs } from "./verbs.ts";

const patience = { timeout: 90_000, interval: 100 };
interface World extends PartitionWorld {
  children: ChildProcess[];
  holders: postgres.Sql[];
}
const worlds: World[] = [];

async function createWorld(server: 15 | 18, scenarios: readonly Scenario[]): Promise<World> {
  const world = { ...(await startPartitionWorld(server)), children: [], holders: [] };
  worlds.push(world);
  for (const { name, setUp = "" } of scenarios)
    await world.makeMonths(
      name,
      `insert into public.${name} values (0, date_trunc('month', now(), 'UTC') - interval '1 day', 'kept'); ${setUp}`,
    );
  for (const { name, brokenOff } of scenarios)
    if (brokenOff) await breakOff(world.database.url, brokenOff, `public.${name}`);
  return world;
}

afterAll(async () => {
  for (const { children, holders, close } of worlds) {
    await Promise.all(children.map(kill));
    await Promise.all(holders.map((holder) => holder.end({ timeout: 1 })));
    await close();
  }
});

async function startWorker({ administration, urls, children }: World): Promise<ChildProcess> {
  const child = startProgram("lib/testing/work-partitions.ts", {
    CONSOLE_DATABASE_URL: administration.url,
    WATCH_URL: urls.watch,
    MAINTENANCE_URL: urls.maintenance,
  });
  children.push(child);
  child.send({} satisfies PartitionsOrder);
  await once(child, "message");
  return child;
}

async function approve(world: World, { verb, request }: Scenario): Promise<string> {
  const { administration, operator, audit } = world;
  const plan = await world.plan(request);
  const context = {
    console: administration.console,
    actor: operator,
    auditTargets: ["audit"],
    program: true as const,
  };
  const answer = await runAdminAction(
    partitionsVerbs[verb] as typeof partitionsVerbs.createPartitions,
    { ...context, openTarget: () => audit },
    { target: "audit", request: plan.request, digest: plan.digest },
  );
  if (!answer.ok || !answer.jobId) throw new Error(`${verb}: ${JSON.stringify(answer)}`);
  return answer.jobId;
}

interface Attempt {
  outcome: string | null;
  /** Its log says that a step is contended or blocked. */
  heldUp: boolean;
}

const readAttempts = (sql: postgres.Sql, id: string) => sql<Attempt[]>`
  select outcome, exists (select from job_log line where line.job_id = a.job_id and line.attempt = a.attempt
                          and message ~ ': (contended|blocked)[.]') as "heldUp"
  from job_attempt a where job_id = ${id} order by attempt`;

/** The attempts as a worker's death left them: running, the last is open; waiting, each was handed back over a lock. */
async function attemptsWhenKilled(sql: postgres.Sql, id: string): Promise<Attempt[]> {
  // What it was about to commit is committed or not once its lock on the row is gone.
  const [job] = await sql.begin((tx) => tx`select state from job where id = ${id} for update`);
  const attempts = await readAttempts(sql, id);
  const handedBack = job?.state === "running" ? attempts.slice(0, -1) : attempts;
  expect(handedBack).toEqual(handedBack.map(() => ({ outcome: "continued", heldUp: true })));
  if (job?.state === "running") expect(attempts.at(-1)?.outcome).toBe(null);
  else expect(job?.state).toBe("waiting");
  return attempts;
}

/** The outcomes of the attempts that a death ended, and the attempts since. */
async function attemptsOf(sql: postgres.Sql, id: string, count: number) {
  const attempts = await readAttempts(sql, id);
  const before = attempts.slice(0, count).map(({ outcome }) => outcome);
  return { before, after: attempts.slice(count) };
}

describe.concurrent("killed in the middle of each verb", () => {
  test.each([
    [15, "made, detached, attached, moved", plain],
    [18, "made, detached, attached, moved", plain],
    [15, "copied, kept, finished, maintained", further],
    [18, "copied, kept, finished, maintained", further],
  ] as const)(
    "the work comes to the same end with another worker, on PostgreSQL %i: %s",
    async (server, _, scenarios) => {
      const world = await createWorld(server, scenarios);
      const { database, administration, holders } = world;
      const ids: string[] = [];
      for (const scenario of scenarios) {
        ids.push(await approve(world, scenario));
        const holder = postgres(database.url, { max: 1, onnotice: () => {} });
        holders.push(holder);
        await holder.unsafe(`begin; ${scenario.hold}`);
      }
      const first = await startWorker(world);
      for (const [at, { name, held }] of scenarios.entries())
        await vi.waitFor(async () => {
          const seen = held
            ? await database.sql.unsafe(held)
            : await administration.sql`
                select from job_log where job_id = ${ids[at] ?? ""} and message ~ ': (contended|blocked)[.]'`;
          if (seen.length > 0) return;
          const [row] = await administration.sql`select state, error from job where id = ${ids[at] ?? ""}`;
          throw new Error(`${name} is not held up: ${JSON.stringify(row)}`);
        }, patience);
      const exited = once(first, "exit");
      first.kill("SIGKILL");
      await exited;
      const killedAt = await Promise.all(ids.map((id) => attemptsWhenKilled(administration.sql, id)));
      await startWorker(world);
      for (const holder of holders) await holder.unsafe("rollback");
      for (const [at, scenario] of scenarios.entries()) {
        const id = ids[at] ?? "";
        const row = await vi.waitFor(async () => {
          const [row] = await administration.sql`select * from job where id = ${id}`;
          if (!row?.finished_at) throw new Error(`${scenario.name}: the job is ${row?.state}`);
          return row;
        }, patience);
        const outcomes = row.result?.outcomes.map(({ outcome }: { outcome: string }) => outcome);
        expect([scenario.name, row.state, row.error, new Set(outcomes)]).toEqual([
          scenario.name,
          "done",
          null,
          new Set(["done"]),
        ]);
        const { before, after } = await attemptsOf(administration.sql, id, killedAt[at]?.length ?? 0);
        // Killed at work it is lost; one that had handed its place back to wait for a lock was nobody's then.
        expect([scenario.name, before]).toEqual([
          scenario.name,
          killedAt[at]?.map(({ outcome }) => outcome ?? "lost"),
        ]);
        expect([scenario.name, after.at(-1)?.outcome]).toEqual([scenario.name, "done"]);
        // The next worker hands it back as well where it comes before the lock is let go.
        for (const { outcome, heldUp } of after.slice(0, -1))
          expect([scenario.name, outcome, heldUp]).toEqual([scenario.name, "continued", true]);
        const [found] = await database.sql.unsafe(scenario.look);
        expect([scenario.name, found]).toEqual([scenario.name, scenario.end]);
      }
      const [left] = await database.sql`
        select (select count(*)::int from pg_inherits where inhdetachpending) as pending,
               (select count(*)::int from pg_index where not indisvalid) as invalid`;
      expect(left).toEqual({ pending: 0, invalid: 0 });
    },
    150_000,
  );
});
