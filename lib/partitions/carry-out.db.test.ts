import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import type { Plan } from "../partition-plan/types.ts";
import { quoteText } from "../quote-sql.ts";
import { ahead, type CarryingWorld, startCarryingWorld } from "../testing/carrying-world.ts";
import { addActor } from "../testing/people.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { partitionsVerbs } from "./verbs.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: CarryingWorld;
  beforeAll(async () => {
    world = await startCarryingWorld(server);
    for (const name of ["digests", "held"]) await world.makeMonths(name);
  });
  afterAll(() => world?.close());

  test("what was planned is carried out by a job; each step has its outcome, and both are on record", async () => {
    const { administration } = world;
    const planned = await world.plan(ahead("audit_log_standard", 5));
    expect(planned.runsAs).toBe("audit_maintainer");
    expect(planned.steps.map(({ locks }) => locks)).toEqual(
      planned.steps.map(() => [
        {
          relation: "public.audit_log_standard",
          mode: "SHARE UPDATE EXCLUSIVE",
          stops: "other changes of structure",
        },
      ]),
    );
    const id = await world.approve(planned, { reason: "Ticket AUD-1234" });
    expect(await world.ended(id)).toMatchObject({
      state: "done",
      error: null,
      done: planned.steps.length,
      total: planned.steps.length,
      unit: "steps",
      reason: "Ticket AUD-1234",
      result: {
        outcomes: planned.steps.map(({ id, words }) => ({
          id,
          words,
          outcome: "done",
          why: null,
          retryAt: null,
        })),
      },
    });
    expect(await world.linesOf(id)).toEqual(planned.steps.map(({ words }) => `${words}: done.`));
    const again = await world.plan(ahead("audit_log_standard", 5));
    expect(again.steps).toEqual([]);
    expect(
      await administration.sql`
        select outcome, object_id as object, detail->>'reason' as reason, detail->>'done' as done
        from activity where action = 'partition.create' and detail->>'jobId' = ${id} order by id`,
    ).toEqual([
      { outcome: "success", object: "public.audit_log_standard", reason: "Ticket AUD-1234", done: null },
      {
        outcome: "success",
        object: "public.audit_log_standard",
        reason: null,
        done: String(planned.steps.length),
      },
    ]);
    const viewer = await addActor(administration.console, "viewer");
    const { request, digest } = again;
    expect(
      await world.act(partitionsVerbs.createPartitions, { request, digest }, { actor: viewer }),
    ).toMatchObject({
      error: { code: "FORBIDDEN" },
    });
    expect(await world.act(partitionsVerbs.createPartitions, { request, digest })).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringMatching(/^There is nothing left to do/) },
    });
  });

  test("a session that comes leaves the digest as it is; a partition made meanwhile does not, and the new plan is told", async () => {
    const before = await world.plan(ahead("digests", 3));
    expect(before).toMatchObject({ blockers: [], steps: [{}, {}] });
    const other = await world.session();
    await other`begin`;
    await other`lock table public.digests in share update exclusive mode`;
    const seen = await world.plan(ahead("digests", 3));
    expect(seen.blockers).toMatchObject([
      {
        pid: other.pid,
        start: expect.any(Date),
        user: "postgres",
        application: "psql",
        relation: "public.digests",
        mode: "ShareUpdateExclusiveLock",
      },
    ]);
    expect(seen.digest).toBe(before.digest);
    await other`rollback`;
    await other`set role audit_maintainer`;
    await other.unsafe(before.steps[0]?.sql.join(";\n") ?? "");
    await other.end();
    const refused = await world.act(partitionsVerbs.createPartitions, {
      request: before.request,
      digest: before.digest,
    });
    if (refused.ok) throw new Error("it was taken");
    const current = refused.error.current as Plan;
    expect(refused.error).toMatchObject({
      code: "CONFLICT",
      message: "The database has changed since this plan was made: the plan is another one now.",
    });
    expect(current.steps.map(({ id }) => id)).toEqual([before.steps[1]?.id]);
    expect((await world.ended(await world.approve(current))).state).toBe("done");
    expect(await world.partitionsOf("digests")).toHaveLength(5);
  });

  test("without ownership nothing is begun, and the GRANT that is offered is what lacks", async () => {
    const { database } = world;
    const owner = `owner ${server} "of" ${database.name}`;
    const quoted = `"${owner.replaceAll('"', '""')}"`;
    await world.makeMonths("foreign_months");
    await database.sql.unsafe(`create role ${quoted}`);
    try {
      await database.sql.unsafe(`
        grant create, usage on schema public to ${quoted};
        do $$ declare part regclass; begin for part in select relid from pg_partition_tree('public.foreign_months') loop
          execute format('alter table %s owner to %I', part, ${quoteText(owner)});
        end loop; end $$`);
      const planned = await world.plan(ahead("foreign_months", 2));
      expect(planned.runsAs).toBeNull();
      const { request, digest } = planned;
      const refused = await world.act(partitionsVerbs.createPartitions, { request, digest });
      if (refused.ok) throw new Error("it was taken");
      expect(refused.error.code).toBe("UNSUPPORTED");
      const grant = /GRANT .*?;/.exec(refused.error.message)?.[0] ?? "";
      await database.sql.unsafe(grant);
      const allowed = await world.plan(ahead("foreign_months", 2));
      expect(allowed).toMatchObject({ runsAs: owner, digest });
      await world.ended(await world.approve(allowed));
      const [made] = await database.sql`
        select pg_get_userbyid(relowner) as owner from pg_class where oid = ${`${allowed.steps[0]?.id.split(" ")[1]}`}::regclass`;
      expect(made).toEqual({ owner });
    } finally {
      await database.sql.unsafe(`drop owned by ${quoted} cascade; drop role ${quoted}`);
    }
  });

  test("without a maintenance connection the plan is shown with the reason, and nothing is begun", async () => {
    const { urls, administration, operator } = world;
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const watching = connect({ target: "audit", urls: { watch: urls.watch }, logger });
    const words =
      "The console has no maintenance connection to this database, and watching changes nothing. Set AUDIT_MAINTENANCE_URL.";
    const planned = await makePlan({ audit: watching, now: new Date() }, ahead("held", 3), 200);
    expect(planned).toMatchObject({
      steps: [{}, {}],
      runsAs: null,
      refusals: [{ outcome: "refused", words }],
    });
    const { request, digest } = planned;
    const answer = await runAdminAction(
      partitionsVerbs.createPartitions,
      {
        console: administration.console,
        actor: operator,
        auditTargets: ["audit"],
        openTarget: () => watching,
      },
      { target: "audit", request, digest },
    );
    await watching.close();
    expect(answer).toMatchObject({ ok: false, error: { code: "UNSUPPORTED", message: words } });
  });
});
