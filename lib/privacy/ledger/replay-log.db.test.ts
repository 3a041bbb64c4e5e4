import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMark } from "../../ledger/mark.ts";
import { receiptOrganization } from "../../ledger/receipt-event.ts";
import { takeDump } from "../../testing/old-dump.ts";
import { nothingToReplay, type ReplayWorld, startReplayWorld } from "../../testing/replay-world.ts";
import { getLedger } from "./get-ledger.ts";

const dayMs = 86_400_000;

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  test("a log that is older than the ledger is not read until its values are taken out again", async () => {
    const event = await world.add({
      details: { mail: "someone@example.test" },
      outcome: "told someone@example.test",
    });
    await world.erase(await world.addSomebody("before"));
    await world.deliver();
    expect(await world.search()).toEqual([event.id]);
    const dump = await takeDump(world.log, server);
    if (server === 18) await world.startAnew();
    const row = await world.redact(event);
    await world.erase(await world.addSomebody("gone"));
    await world.deliver();
    expect(await world.look()).toMatchObject({ state: "agrees", newestEntry: 3 });
    const after = await world.stored(event.id);
    expect(after?.details).toEqual({ redacted: row.fields.details });

    await dump.restore();
    expect((await world.stored(event.id))?.details).toEqual({ mail: "someone@example.test" });
    // Another table by its oid is noticed by a process that runs; files put back under it by one that starts, or the duty.
    if (server === 18) await world.startAnew();
    await expect(world.search()).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining(
        "The database of audit is older than the privacy ledger: 3 of its entries",
      ),
    });
    expect(await readMark(world.console.sql, "audit")).toMatchObject({ state: "target_older", behind: 3 });
    expect(await world.plan()).toEqual({
      ...nothingToReplay,
      redactions: [2],
      receipts: [2, 3],
      needed: true,
    });
    expect(await world.replay()).toMatchObject({
      state: "done",
      result: { entries: 0, keys: 0, redactions: 1, differing: [], receipts: 2, untrusted: 0 },
    });
    const page = await getLedger(world.console, "audit", { limit: 2, target: "audit" }, () => world.audit);
    expect(page.entries.map(({ entry, kind, receipt, by }) => [entry, kind, receipt, by])).toEqual([
      [3, "erasure", "pending", "the console"],
      [2, "redaction", "pending", "the console"],
    ]);
    expect(page.next).toBe(2);
    const rest = await getLedger(
      world.console,
      "audit",
      { limit: 2, before: 2, target: "audit" },
      () => world.audit,
    );
    expect(rest.entries.map(({ entry, receipt }) => [entry, receipt])).toEqual([[1, "delivered"]]);
    expect(rest.next).toBeNull();
    // Those that wait a day are told of.
    expect(await world.standing(dayMs)).toEqual(["ok", "critical", "ok"]);
    expect(await world.deliver()).toMatchObject({ delivered: 2 });
    expect(await world.standing(dayMs)).toEqual(["ok", "ok", "ok"]);
    expect(await world.stored(event.id)).toMatchObject({
      details: after?.details,
      outcome: after?.outcome,
      leaf: after?.leaf,
    });
    const receipts = await world.log.sql`
      select id from audit_log where organization_id = ${receiptOrganization} order by (details ->> 'entry')::int`;
    expect(receipts.map(({ id }) => id)).toEqual((await world.ledger()).map(({ id }) => id));
    expect(await world.plan()).toEqual(nothingToReplay);
    expect(await world.search()).toEqual([event.id]);
    await dump.drop();
  });
});
