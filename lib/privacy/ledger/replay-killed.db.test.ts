import { spawn } from "node:child_process";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { append } from "../../audit-db/append/append.ts";
import { systemActor } from "../../auth/actor.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { replaceSigningKey } from "../../key-store/signing-keys.ts";
import { takeDump } from "../../testing/old-dump.ts";
import {
  nothingToReplay,
  type ReplayWorld,
  startReplayWorld,
  testReplayJob,
} from "../../testing/replay-world.ts";
import { startTestJobs } from "../../testing/run-job.ts";
import { kill } from "../../testing/start-program.ts";
import { locking, stopped } from "../../testing/stopped-worker.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  test("a replay that is killed in the middle comes to the same end", async () => {
    const people = Array.from({ length: 150 }, (_, n) => `p-${n}`);
    await append(
      world.audit,
      people.map((id) => ({ organizationId: "o", action: "a.b", status: "success", actor: { id } })),
    );
    const tokens = (await world.vault.tokensOf(people, "audit")).map(([token]) => token as string);
    await world.console.db.transaction(async (tx) => replaceSigningKey(tx, world.masterKeys));
    const dump = await takeDump(world.own, server);
    if (server === 18) await world.startAnew();
    for (const token of tokens) await world.erase(token);
    while ((await world.deliver()).delivered > 0);
    const whole = await world.ledger();
    await world.end();
    await dump.restore();
    world.begin();
    const id = await world.console.db.transaction(async (tx) => {
      const job = await enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, testReplayJob, {
        target: "audit",
      });
      return job.id;
    });
    await world.own.sql.unsafe(`
      create function stop_here() returns trigger language plpgsql as $$ begin
        if (select count(*) from privacy_ledger) >= 10 then perform pg_advisory_xact_lock(1); end if;
        return new;
      end $$;
      create trigger stop_here before insert on privacy_ledger for each row execute function stop_here()`);
    const release = await locking(world.own.url, (sql) => sql`select pg_advisory_xact_lock(1)`);
    const worker = spawn(
      process.execPath,
      [
        path.resolve(import.meta.dirname, "../../testing/replay-ledger.ts"),
        world.own.url,
        JSON.stringify(world.urls),
      ],
      { stdio: "ignore" },
    );
    await stopped(world.own.sql, "insert into privacy_ledger");
    await kill(worker);
    await release();
    await world.own.sql.unsafe("drop trigger stop_here on privacy_ledger; drop function stop_here");
    expect(await world.own.sql`select from privacy_ledger`).toHaveLength(10);
    await expect(world.search()).rejects.toMatchObject({ code: "CONFLICT" });
    const work = startTestJobs(
      { test: world.own, console: world.console },
      { jobs: [testReplayJob], targets: { audit: world.audit } },
    );
    await vi.waitFor(
      async () =>
        expect((await world.own.sql`select state, attempt from job where id = ${id}`)[0]).toMatchObject({
          state: "done",
        }),
      { timeout: 60_000, interval: 100 },
    );
    await work.stop();
    expect(await world.ledger()).toEqual(whole);
    expect((await world.vault.tokensOf(people, "audit")).flat()).toEqual([]);
    expect(await world.own.sql`select from vault.subject_key where state <> 'erased'`).toEqual([]);
    expect(await world.plan()).toEqual(nothingToReplay);
    await dump.drop();
  });
});
