import { describe, expect, test } from "vitest";
import { everything, firing, labels, mail, mirror, pager, told } from "../testing/told-incidents.ts";
import {
  dueTellings,
  type IncidentLevel,
  type Route,
  type Thread,
  type ToldChannel,
} from "./due-tellings.ts";

const kindsAt = (
  now: number,
  incident: IncidentLevel,
  threads: Thread[] = [],
  { routes = [everything], channels = [mail] }: { routes?: Route[]; channels?: ToldChannel[] } = {},
) =>
  dueTellings([incident], threads, { routes, channels, now }).map(
    ({ channelId, kind }) => `${channelId} ${kind}`,
  );

describe("what fires", () => {
  test("is told when the group wait is over, and once", () => {
    expect(kindsAt(29_999, firing())).toEqual([]);
    expect(kindsAt(30_000, firing())).toEqual(["mail fired"]);
    expect(kindsAt(30_001, firing(), [told()])).toEqual([]);
  });

  test("what joins it waits for the group interval, what becomes graver does not", () => {
    const joined = firing({ telling: 2 });
    expect(kindsAt(329_999, joined, [told()])).toEqual([]);
    expect(kindsAt(330_000, joined, [told()])).toEqual(["mail changed"]);
    expect(kindsAt(31_000, firing({ telling: 2, severity: "critical" }), [told()])).toEqual(["mail rose"]);
  });

  test("that it flaps is told once: telling counts that, and no fire nor end that follows", () => {
    const flapping = firing({ telling: 4 });
    expect(kindsAt(900_000, flapping, [told()])).toEqual(["mail changed"]);
    expect(kindsAt(900_000, flapping, [told({ telling: 4 })])).toEqual([]);
    expect(
      kindsAt(900_000, { ...flapping, severity: "critical", telling: 5 }, [told({ telling: 4 })]),
    ).toEqual(["mail rose"]);
  });

  test("is repeated while nobody has it", () => {
    const late = 30_000 + 3_600_000;
    expect(kindsAt(late - 1, firing(), [told()])).toEqual([]);
    expect(kindsAt(late, firing(), [told()])).toEqual(["mail repeated"]);
    expect(kindsAt(late, firing({ state: "acknowledged", acknowledgedAt: 1 }), [told()])).toEqual([]);
    expect(kindsAt(late, firing({ state: "snoozed" }), [told()])).toEqual([]);
    const once = { ...everything, repeatMs: null };
    expect(kindsAt(late, firing(), [told()], { routes: [once] })).toEqual([]);
  });

  test("pauses that began in the future, for the clock was put back, are over; a repeat is not", () => {
    const joined = firing({ telling: 2, firedAt: 3_600_000 });
    expect(kindsAt(0, joined)).toEqual(["mail fired"]);
    expect(kindsAt(0, joined, [told({ toldAt: 3_600_000 })])).toEqual(["mail changed"]);
    expect(kindsAt(0, joined, [told({ toldAt: 3_600_000, told: "resolved" })])).toEqual(["mail refired"]);
    expect(kindsAt(0, firing(), [told({ toldAt: 3_600_000 })])).toEqual([]);
  });

  test("again after it was over is told anew, no sooner than the interval after the last word", () => {
    const again = firing({ firedAt: 100_000, telling: 2 });
    const over = told({ told: "resolved", toldAt: 90_000 });
    expect(kindsAt(389_999, again, [over])).toEqual([]);
    expect(kindsAt(390_000, again, [over])).toEqual(["mail refired"]);
  });

  test("is not told while it is hushed, and is when the hush ends and it still fires", () => {
    const hushed = firing({ alerts: [{ labels, severity: "warning", hushed: true }] });
    expect(kindsAt(60_000, hushed)).toEqual([]);
    expect(kindsAt(9_000_000, hushed, [told()])).toEqual([]);
    expect(kindsAt(60_000, firing())).toEqual(["mail fired"]);
    const oneOfTwo = firing({ alerts: [...hushed.alerts, ...firing().alerts] });
    expect(kindsAt(60_000, oneOfTwo)).toEqual(["mail fired"]);
  });

  test("acknowledged before anybody was told it is told to nobody; a channel that can is told who has it", () => {
    const taken = firing({ state: "acknowledged", acknowledgedAt: 40_000 });
    const channels = [mail, pager];
    expect(kindsAt(60_000, taken, [], { channels })).toEqual([]);
    const threads = [told(), told({ channelId: "pager" })];
    expect(kindsAt(60_000, taken, threads, { channels })).toEqual(["pager acknowledged"]);
    const both = [told(), told({ channelId: "pager", acknowledgedAt: 40_000 })];
    expect(kindsAt(60_000, taken, both, { channels })).toEqual([]);
    const anew = firing({ state: "acknowledged", acknowledgedAt: 70_000 });
    expect(kindsAt(80_000, anew, both, { channels })).toEqual(["pager acknowledged"]);
  });

  test("a state that was handed over is kept up whoever has it, and follows the severity", () => {
    const channels = [mirror];
    const kept = told({ channelId: "mirror", toldAt: 0 });
    expect(kindsAt(0, firing(), [], { channels })).toEqual(["mirror fired"]);
    expect(kindsAt(299_999, firing({ state: "snoozed" }), [kept], { channels })).toEqual([]);
    expect(kindsAt(300_000, firing({ state: "snoozed" }), [kept], { channels })).toEqual([
      "mirror refreshed",
    ]);
    expect(kindsAt(300_000, firing(), [kept], { channels, routes: [] })).toEqual(["mirror refreshed"]);
    const graver = told({ channelId: "mirror", toldAt: 0, severity: "critical" });
    expect(kindsAt(1, firing(), [graver], { channels })).toEqual(["mirror changed"]);
  });

  test("a disabled channel is told nothing", () => {
    expect(kindsAt(60_000, firing(), [], { channels: [{ ...mail, enabled: false }] })).toEqual([]);
  });
});

describe("what is over", () => {
  const over = firing({ condition: "normal" });
  test("is told to whoever was told of the fire, whatever routes and silences say now", () => {
    const hushed = firing({ condition: "normal", alerts: [{ labels, severity: "warning", hushed: true }] });
    expect(kindsAt(1, hushed, [told()], { routes: [] })).toEqual(["mail resolved"]);
    expect(kindsAt(1, firing({ state: "closed" }), [told()])).toEqual(["mail resolved"]);
    expect(kindsAt(1, over, [told({ told: "resolved" })])).toEqual([]);
    expect(kindsAt(1, over)).toEqual([]);
  });

  test("is withdrawn where nobody was reached", () => {
    expect(kindsAt(1, over, [told({ reached: false })])).toEqual(["mail withdrawn"]);
  });
});

describe("routes", () => {
  const to = (id: string, channels: string[], more: Partial<Route> = {}): Route => ({
    ...everything,
    id,
    channels,
    ...more,
  });
  const channels = [mail, pager];
  test("the first that matches takes it, unless it goes on", () => {
    const database = to("a", ["pager"], { matchers: [{ label: "check", is: "~", value: "connections.*" }] });
    expect(kindsAt(60_000, firing(), [], { channels, routes: [database, everything] })).toEqual([
      "pager fired",
    ]);
    const on = { ...database, goOn: true };
    expect(kindsAt(60_000, firing(), [], { channels, routes: [on, everything] })).toEqual([
      "mail fired",
      "pager fired",
    ]);
    const nobody = to("none", []);
    expect(kindsAt(60_000, firing(), [], { channels, routes: [nobody, everything] })).toEqual([]);
  });

  test("a severity it does not name goes past it", () => {
    const critical = to("c", ["pager"], { severities: ["critical"] });
    expect(kindsAt(60_000, firing(), [], { channels, routes: [critical, to("w", ["mail"])] })).toEqual([
      "mail fired",
    ]);
    expect(kindsAt(60_000, firing({ severity: "notice" }), [], { channels })).toEqual([]);
  });
});
