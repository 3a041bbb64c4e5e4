import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attachRedacted } from "../../ledger/replay/attach-redacted.ts";
import { type ReplayWorld, startReplayWorld } from "../../testing/replay-world.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  test("a table that brings redacted values back is attached while nobody reads, and they are taken out first", async () => {
    const event = await world.add({ details: { mail: "someone@example.test" }, outcome: "o" });
    const [{ part = "" } = {}] = await world.log.sql`
      select tableoid::regclass::text as part from audit_log where id = ${event.id}`;
    const [{ bounds = "" } = {}] = await world.log.sql`
      select pg_get_expr(relpartbound, oid) as bounds from pg_class where oid = ${part}::regclass`;
    await world.log.sql.unsafe(`create table older (like ${part} including all); insert into older select * from ${part};
      alter table older owner to audit_maintainer`);
    await world.redact(event);
    await world.deliver();
    expect(await world.search()).toEqual([event.id]);
    await world.log.sql.unsafe(`alter table audit_log_standard detach partition ${part}`);
    const notes: string[] = [];
    const given = {
      console: world.console.sql,
      audit: world.audit,
      table: "public.older",
      under: "public.audit_log_standard",
      signal: new AbortController().signal,
      log: (line: string) => notes.push(line),
      waitMs: 0,
    };
    const attach = async () => {
      await world.log.sql.unsafe(`alter table audit_log_standard attach partition older ${bounds}`);
      expect((await world.stored(event.id))?.details).toEqual({ mail: "someone@example.test" });
      await expect(world.withGate(world.search)).rejects.toMatchObject({ code: "CONFLICT" });
      // Whoever compares finds the values there, and before they were nothing said so.
      expect(await world.look()).toMatchObject({ state: "target_older", behind: 1 });
      return "attached";
    };
    const without = { ...given, audit: { ...world.audit, can: () => false } };
    await expect(attachRedacted(without, attach)).rejects.toMatchObject({
      code: "CONFLICT",
      message:
        "public.older holds 1 value that was redacted, and there is no privacy connection to take it out again.",
    });
    expect(await attachRedacted(given, attach)).toBe("attached");
    expect(notes).toEqual([
      "1 redaction will be replayed on public.older; nobody is shown events until then.",
      "1 redaction replayed.",
    ]);
    expect((await world.stored(event.id))?.details).toEqual({
      redacted: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    // The receipt stood in the table that was detached: it is missed, and delivered again by a replay.
    expect(await world.plan()).toMatchObject({ redactions: [], receipts: [1] });
  });
});
