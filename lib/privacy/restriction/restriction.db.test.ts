import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { getEvent } from "../../events/get-event.ts";
import { getQuarantine } from "../../events/get-quarantine.ts";
import { searchEvents } from "../../events/search-events.ts";
import { tokenFilters } from "../../events/token-filters.ts";
import { exportEvents } from "../../export/export-events.ts";
import type { ExportFormat } from "../../export/options.ts";
import { dayMs, type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import type { SubjectView } from "../types.ts";

let world: PrivacyWorld;
const person = "restricted";
const other = "somebody else";
let own: { id: string; occurredAt: string };
let theirs: { id: string; occurredAt: string };
beforeAll(async () => {
  world = await startPrivacyWorld();
  own = await world.append("eu", person, "standard", 3);
  theirs = await world.append("eu", other, "standard", 3);
  // As the person an event is about, and in quarantine.
  await world.append("eu", other, "standard", 2, { targetPerson: { id: person } });
  await world.append("eu", person, "not_known", 1);
  await world.append("eu", other, "not_known", 1);
});
afterAll(() => world?.close());

const reason = "the person contests it";
const { restrictSubject, liftRestriction, allowRestricted, viewSubject } = adminActions;
const range = () => ({
  from: new Date(Date.now() - 30 * dayMs),
  to: new Date(Date.now() + dayMs),
  organization: "o",
});

/** @returns how many events were handed out */
async function exported(format: ExportFormat): Promise<number> {
  const { eu } = world.audit;
  const out = new PassThrough();
  const handed = text(out);
  const { rows } = await exportEvents(eu, await tokenFilters(eu, range()), { format }, out, {
    signal: new AbortController().signal,
  });
  if (format === "ndjson") expect((await handed).split("\n").filter(Boolean)).toHaveLength(rows);
  return rows;
}

/** How many events each door shows, and what it answers of the person's own. */
async function shown() {
  const { eu } = world.audit;
  const code = (thrown: { code?: string }) => thrown.code ?? "thrown";
  const { counts, events } = (await getQuarantine(eu)).data;
  return {
    search: (await searchEvents(eu, range())).data.events.length,
    ofPerson: (await searchEvents(eu, { ...range(), actor: person })).data.events.length,
    ndjson: await exported("ndjson"),
    csv: await exported("csv"),
    parquet: await exported("parquet"),
    event: await getEvent(eu, own).then(() => "shown", code),
    otherEvent: await getEvent(eu, theirs).then(() => "shown", code),
    reveal: await world.reveal("eu", own).then((seen) => (typeof seen === "string" ? seen : seen?.state)),
    waiting: events.length,
    counted: counts.reduce((sum, { count }) => sum + count, 0),
  };
}
const open = {
  search: 3,
  ofPerson: 1,
  ...{ ndjson: 3, csv: 3, parquet: 3 },
  event: "shown",
  otherEvent: "shown",
  reveal: "readable",
  waiting: 2,
  counted: 2,
};
const hidden = {
  ...open,
  search: 1,
  ofPerson: 0,
  ...{ ndjson: 1, csv: 1, parquet: 1 },
  event: "FORBIDDEN",
  reveal: "FORBIDDEN",
  waiting: 1,
};

test("a restricted person's rows leave every door, at once, and come back; counts stay", async () => {
  expect(await shown()).toEqual(open);
  const placed = (await world.succeed(restrictSubject, { person, ground: "accuracy_contested", reason })) as {
    entries: number[];
  };
  expect(await shown()).toEqual(hidden);
  const entries = await world.sql`select kind, target, facts from privacy_ledger order by entry`;
  expect(entries).toEqual([
    {
      kind: "restriction",
      target: "eu",
      facts: { ground: "accuracy_contested", tokens: [expect.any(String)] },
    },
  ]);
  expect(placed.entries).toHaveLength(1);
  // Appends go on, and what is new of them is hidden as well.
  await world.append("eu", person, "minimal", 0);
  expect(await shown()).toEqual(hidden);
  expect(await world.run(restrictSubject, { person, ground: "objection_pending", reason })).toMatchObject({
    error: { code: "CONFLICT" },
  });

  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  expect(
    await world.run(allowRestricted, { person, ground: "consent", reason, until: "2020-01-01T00:00:00Z" }),
  ).toMatchObject({ error: { code: "BAD_INPUT" } });
  await world.succeed(allowRestricted, { person, ground: "legal_claims", reason, until: inAnHour });
  expect(await shown()).toEqual({ ...open, search: 4, ofPerson: 2, ndjson: 4, csv: 4, parquet: 4 });
  const { restriction } = (await world.succeed(viewSubject, { person })) as SubjectView;
  expect(restriction).toMatchObject({
    ground: "accuracy_contested",
    placedBy: world.officer.email,
    exceptions: [{ ground: "legal_claims", grantedBy: world.officer.email, expiresAt: inAnHour }],
  });
  await world.sql`update vault.restriction_exception set expires_at = now()`;
  expect(await shown()).toEqual(hidden);

  await world.succeed(liftRestriction, { person, reason: "it was accurate" });
  expect(await shown()).toEqual({ ...open, search: 4, ofPerson: 2, ndjson: 4, csv: 4, parquet: 4 });
  expect(await world.run(liftRestriction, { person, reason })).toMatchObject({ error: { code: "CONFLICT" } });
  expect(await world.sql`select kind from privacy_ledger order by entry`).toEqual([
    { kind: "restriction" },
    { kind: "restriction_lifted" },
  ]);
  const records = await world.sql`select row_to_json(activity)::text as row from activity`;
  for (const { row } of records) expect(row).not.toContain(`"${person}"`);
});

test("somebody without an event is restricted before their first, and forgotten once that is lifted", async () => {
  const before = (await world.sql`select from vault.subject`).length;
  await world.succeed(restrictSubject, { person: "to come", ground: "objection_pending", reason });
  const event = await world.append("eu", "to come", "standard", 0);
  await expect(getEvent(world.audit.eu, event)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await world.succeed(liftRestriction, { person: "to come", reason });
  expect((await getEvent(world.audit.eu, event)).data.id).toBe(event.id);
  await world.succeed(restrictSubject, { person: "never seen", ground: "objection_pending", reason });
  await world.succeed(liftRestriction, { person: "never seen", reason });
  expect(await world.sql`select from vault.subject`).toHaveLength(before + 1);
});
