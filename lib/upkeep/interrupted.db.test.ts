import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { gateStatements } from "../testing/gate-statements.ts";
import { startUpkeepWorld, type UpkeepWorld } from "../testing/upkeep-world.ts";
import { requireRule } from "../upkeep-rules/read-rules.ts";
import { upkeepVerbs } from "./verbs.ts";

const of = { target: "audit", table: { schema: "public", name: "audit_log_standard" } };
let world: UpkeepWorld;
/** Before which statement that changes something the session is ended. */
let endBefore = 0;
let sent = 0;

/** Ends the session of the work once, from the server's side. */
function losing(audit: AuditDb): AuditDb {
  return {
    ...audit,
    reserve: (purpose, options, run) =>
      audit.reserve(purpose, options, (session) => {
        const gate = {
          async pass(place: string) {
            if (!place.startsWith("before ") || ++sent !== endBefore) return;
            await world.database.sql`select pg_terminate_backend(${session.backend.pid}, 5000)`;
          },
          refused() {},
        };
        return run({ ...session, sql: gateStatements(session.sql, gate) });
      }),
  };
}

beforeAll(async () => {
  world = await startUpkeepWorld(18, { workedOn: losing });
});
afterAll(() => world?.close());

test("a run that loses its session in the middle goes on, and tells all that it made", async () => {
  const { administration, operator } = world;
  await world.approve({ ...of, ...{ ahead: 7, cron: "17 3 * * *" } });
  endBefore = 3;
  const { jobId } = await administration.succeed(upkeepVerbs.runUpkeep, operator, of);
  const last = await vi.waitFor(
    async () => {
      const { last } = await requireRule(administration.console.db, "audit", of.table);
      if (!last) throw new Error("the run has not ended");
      return last;
    },
    { timeout: 40_000, interval: 100 },
  );
  // Three months ahead were there.
  expect(last).toMatchObject({ jobId, outcome: "done", made: 4 });
  expect(last.words.match(/Create public\.audit_log_standard_\d{4}_\d\d/g)).toHaveLength(4);
  expect(sent).toBe(5);
  await vi.waitFor(async () => {
    const attempts = await administration.sql`
      select outcome from job_attempt where job_id = ${jobId} order by attempt`;
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["continued", "done"]);
  }, 30_000);
});
