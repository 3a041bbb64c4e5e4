import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { guardTrigger } from "../../partitions/check-guard-triggers.ts";
import { judge } from "../../testing/judge.ts";
import { startTended, type Tended } from "../../testing/tended.ts";
import { readTriggers } from "../facts/read-triggers.ts";
import type { PlanRequestInput } from "../request.ts";

const at = (name: string, schema = "public") => ({ schema, name });

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let native: Tended;
  beforeAll(async () => {
    native = await startTended(server, "audit");
  });
  afterAll(() => native?.close());

  test("a partition of the native table stays append-only while it is out and after it is back", async () => {
    const { plan, carry, owner, database } = native;
    const [row] = await database.sql<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_log_standard'::regclass order by 1 limit 1`;
    let name = row?.name ?? "";
    if (name === "") {
      const { steps } = await plan({ verb: "create", table: at("audit_log_standard"), ahead: 0 });
      expect(
        await carry(await plan({ verb: "create", table: at("audit_log_standard"), ahead: 0 })),
      ).toHaveLength(steps.length);
      const [made] = await database.sql<{ name: string }[]>`
        select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_log_standard'::regclass order by 1 limit 1`;
      name = made?.name ?? "";
    }
    const guards = async () => {
      const [{ oid } = { oid: 0 }] = await owner<{ oid: number }[]>`select ${name}::regclass::oid as oid`;
      return (await readTriggers(owner, oid)).map((t) => `${t.name} ${t.enabled} ${t.cloned}`);
    };
    const planned = await plan({ verb: "detach", partition: at(name) });
    expect((await carry(planned)).map((line) => line.split(": ")[1])).toEqual(["done", "done"]);
    expect(await guards()).toEqual(["audit_log_guard_row A false", "audit_log_guard_statement A false"]);
    await expect(owner.unsafe(`delete from ${name}`)).rejects.toThrow("append-only");
    const back = await plan({ verb: "attach", partition: at(name), table: at("audit_log_standard") });
    expect(back.steps).toHaveLength(1);
    expect((await carry(back)).map((line) => line.split(": ")[1])).toEqual(["done"]);
    expect(await guards()).toEqual(["audit_log_guard_row A true", "audit_log_guard_statement A false"]);
    await owner.unsafe(
      `drop trigger audit_log_guard_statement on ${name}; alter table ${name} enable trigger audit_log_guard_row`,
    );
    const guard: PlanRequestInput = {
      verb: "maintain",
      work: "restore guards",
      relations: [at("audit_log")],
    };
    // The finding's button asks for just that.
    const found = await judge(guardTrigger, native.audit);
    expect(found.objects.map(({ words }) => words.mends?.request)).toEqual([guard, guard]);
    const mended = await plan(guard);
    expect(mended.steps.map(({ sql }) => sql)).toEqual([
      [
        `ALTER TABLE public.${name} ENABLE ALWAYS TRIGGER audit_log_guard_row`,
        `CREATE TRIGGER audit_log_guard_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON public.${name} FOR EACH STATEMENT EXECUTE FUNCTION public.audit_log_guard()`,
        `ALTER TABLE public.${name} ENABLE ALWAYS TRIGGER audit_log_guard_statement`,
      ],
    ]);
    expect((await carry(mended)).map((line) => line.split(": ")[1])).toEqual(["done"]);
    expect(await guards()).toEqual(["audit_log_guard_row A true", "audit_log_guard_statement A false"]);
    expect((await plan(guard)).steps).toEqual([]);
  });
});
