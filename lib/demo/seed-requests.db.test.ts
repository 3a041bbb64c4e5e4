import { afterAll, beforeAll, expect, test } from "vitest";
import { listOpenRequests } from "../requests/list-open-requests.ts";
import { requireRequest, withRequestPerson } from "../requests/read-request.ts";
import { tablesHolding } from "../testing/find-text.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../testing/privacy-world.ts";
import { everybodyAsking } from "./request-people.ts";
import { seedRequests } from "./seed-requests.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

test("five requests in different states, one overdue, of people whose events are in the log; once only", async () => {
  const now = new Date();
  const seed = () =>
    seedRequests({ console: world.console, audit: world.audit.eu, auditTargets: ["eu", "us"], now });
  expect(await seed()).toBe(5);
  expect(await seed()).toBe(0);

  const rows = await world.sql`
    select number::int, kind, state, due_at < ${now} as late, standing from privacy_request order by number`;
  expect(rows.map((row) => Object.values(row))).toEqual([
    [1, "erasure", "closed", true, null],
    [2, "access", "received", true, null],
    [3, "access", "verified", false, null],
    [4, "portability", "identity_pending", null, "identity"],
    [5, "access", "duplicate", false, null],
  ]);
  const open = await listOpenRequests(world.sql);
  expect(open.filter(({ dueAt }) => dueAt !== null && dueAt < now).map(({ number }) => number)).toEqual([2]);

  // Who they are is sealed; the log has their events under tokens.
  for (const { person, id } of everybodyAsking)
    for (const text of [person.name ?? "", id]) expect(await tablesHolding(world.sql, text)).toEqual([]);
  await withRequestPerson(world.console.db, await requireRequest(world.console.db, 2), async ({ name }) =>
    expect(name).toBe("Erika Mustermann"),
  );
  const [events] = await world.databases.eu.sql`
    select count(*)::int as n, count(distinct coalesce(actor_token, target_token))::int as tokens,
           count(*) filter (where actor_token is not null)::int as acted from audit_log`;
  expect(events?.n).toBe(160);
  expect(events?.acted).toBeGreaterThan(30);
  expect(await world.databases.eu.sql`select from audit_quarantine`).toHaveLength(0);
});
