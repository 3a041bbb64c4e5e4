import { afterAll, beforeAll, expect, test } from "vitest";
import { type LifeWorld, noon, startLifeWorld } from "../../testing/life-world.ts";
import { countRequests, getRequests } from "../get-requests.ts";
import { getRequestCalendar } from "./get-request-calendar.ts";
import { getRequestMonth } from "./get-request-month.ts";

let world: LifeWorld;
beforeAll(async () => {
  world = await startLifeWorld();
});
afterAll(() => world?.close());

test("a month is told whole: what is due in it and in the weeks at its edges, however many", async () => {
  const monthDays = async () =>
    (await getRequestMonth(world.console.db, "2024-02", noon("2024-02-01"))).map(
      ({ number, dueOn }) => [number, dueOn] as const,
    );
  const leap = await world.received("2024-01-29");
  const edgeBefore = await world.received("2023-12-27");
  const edgeAfter = await world.received("2024-02-07");
  for (const beyond of ["2023-12-18", "2024-02-13"]) await world.received(beyond);
  const withdrawn = await world.received("2024-01-15");
  await world.at("2024-01-16", "recordWithdrawal", { request: withdrawn });
  const standing = await world.received("2024-01-15");
  await world.at("2024-01-16", "askIdentity", { request: standing });
  expect(await monthDays()).toEqual([
    [edgeBefore, "2024-01-29"],
    [leap, "2024-02-29"],
    [edgeAfter, "2024-03-07"],
  ]);

  await world.sql`
    insert into privacy_request (id, kind, regime, state, organizations, targets, country, time_zone, language,
      received_at, channel, submitted_by_name, submitted_at, due_at)
    select gen_random_uuid(), kind, regime, state, organizations, targets, country, time_zone, language,
      received_at, channel, submitted_by_name, submitted_at, due_at
    from privacy_request, generate_series(1, 600) where number = ${leap}`;
  expect((await monthDays()).filter(([, day]) => day === "2024-02-29")).toHaveLength(601);
});

test("a request that is answered is neither due nor late, in any list and in any count", async () => {
  const now = noon("2026-03-10");
  const late = await world.received("2026-01-20");
  const soon = await world.received("2026-02-12");
  const told = async () => {
    const { db } = world.console;
    const { overdue, dueWithinWeek } = await countRequests(db, now);
    const asked = { state: "open" as const, limit: 500 };
    const list = await getRequests(db, { ...asked, overdue: false }, now);
    const lateOnes = await getRequests(db, { ...asked, overdue: true }, now);
    const month = await getRequestMonth(db, "2026-03", now);
    const calendar = await getRequestCalendar(db, 30, now);
    const ours = (numbers: number[]) => [late, soon].filter((number) => numbers.includes(number));
    return {
      counts: [overdue, dueWithinWeek],
      daysLeft: [late, soon].map((number) => list.find((one) => one.number === number)?.daysLeft),
      overdue: ours(lateOnes.map(({ number }) => number)),
      month: ours(month.map(({ number }) => number)),
      calendar: ours(calendar.flatMap(({ requests }) => requests.map(({ number }) => number))),
    };
  };
  const before = await told();
  const [overdue = 0, dueWithinWeek = 0] = before.counts;
  expect(before).toEqual({
    ...{ counts: before.counts, daysLeft: [-18, 2], overdue: [late], month: [soon], calendar: [late, soon] },
  });
  await world.sql`update privacy_request set responded_at = ${now} where number in (${late}, ${soon})`;
  expect(await told()).toEqual({
    ...{
      counts: [overdue - 1, dueWithinWeek - 1],
      daysLeft: [null, null],
      overdue: [],
      month: [],
      calendar: [],
    },
  });
});
