import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Labels } from "../alerting/labels.ts";
import {
  dueTellings,
  type IncidentLevel,
  type Route,
  type Telling,
  type Thread,
  type ToldChannel,
} from "./due-tellings.ts";

const labels: Labels = {
  target: "audit",
  check: "connections.used",
  topic: "connections",
  severity: "warning",
  kind: "target",
  object: "audit",
  database: "",
  schema: "",
  relation: "",
};
const pace = { groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatMs: 3_600_000, goOn: false } as const;
const everything: Route = {
  id: "default",
  matchers: [],
  severities: ["warning", "critical"],
  channels: null,
  ...pace,
};
const mail: ToldChannel = { id: "mail", enabled: true, acknowledge: false, refreshMs: null };
const pager: ToldChannel = { id: "pager", enabled: true, acknowledge: true, refreshMs: null };
const mirror: ToldChannel = { id: "mirror", enabled: true, acknowledge: false, refreshMs: 300_000 };

const firing = (given: Partial<IncidentLevel> = {}): IncidentLevel => ({
  id: "i",
  condition: "firing",
  state: "open",
  severity: "warning",
  telling: 1,
  firedAt: 0,
  acknowledgedAt: null,
  alerts: [{ labels, severity: given.severity ?? "warning", hushed: false }],
  ...given,
});
const told = (given: Partial<Thread> = {}): Thread => ({
  incidentId: "i",
  channelId: "mail",
  told: "firing",
  telling: 1,
  severity: "warning",
  toldAt: 30_000,
  acknowledgedAt: null,
  reached: true,
  ...given,
});
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

type Step =
  | {
      do:
        | "fire"
        | "join"
        | "rise"
        | "resolve"
        | "close"
        | "acknowledge"
        | "unacknowledge"
        | "snooze"
        | "hush"
        | "unhush";
    }
  | { do: "wait"; ms: number }
  | { do: "send"; arrives: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .constantFrom(
      ...([
        "fire",
        "join",
        "rise",
        "resolve",
        "close",
        "acknowledge",
        "unacknowledge",
        "snooze",
        "hush",
        "unhush",
      ] as const),
    )
    .map((what) => ({ do: what })),
  fc.integer({ min: 1, max: 400_000 }).map((ms) => ({ do: "wait" as const, ms })),
  fc.boolean().map((arrives) => ({ do: "send" as const, arrives })),
);

/** An incident, people, silences, a clock and a sender that gets through or does not, in any order. */
class World {
  now = 0;
  level = firing({ condition: "normal", telling: 0 });
  threads = new Map<string, Thread>();
  pending: Telling[] = [];
  log: { kind: string; channelId: string; telling: number; level: IncidentLevel }[] = [];
  channels = [mail, pager, mirror];

  apply(given: Step): void {
    const change = (part: Partial<IncidentLevel>) => {
      this.level = { ...this.level, ...part };
    };
    const anew = { telling: this.level.telling + 1, state: "open" as const, acknowledgedAt: null };
    const fires = this.level.condition === "firing" && this.level.state !== "closed";
    switch (given.do) {
      case "wait":
        this.now += given.ms;
        break;
      case "fire":
        if (!fires && this.level.state !== "closed")
          change({ ...anew, condition: "firing", firedAt: this.now, severity: "warning" });
        break;
      case "join":
        if (fires) change(anew);
        break;
      case "rise":
        if (fires && this.level.severity === "warning") change({ ...anew, severity: "critical" });
        break;
      case "resolve":
        if (fires) change({ condition: "normal" });
        break;
      case "close":
        if (this.level.telling > 0) change({ state: "closed", acknowledgedAt: null });
        break;
      case "acknowledge":
        if (fires) change({ state: "acknowledged", acknowledgedAt: this.now });
        break;
      case "unacknowledge":
        if (fires) change({ state: "open", acknowledgedAt: null });
        break;
      case "snooze":
        if (fires) change({ state: "snoozed", acknowledgedAt: null });
        break;
      case "hush":
      case "unhush":
        change({ alerts: this.level.alerts.map((alert) => ({ ...alert, hushed: given.do === "hush" })) });
        break;
      case "send": {
        const [first, ...rest] = this.pending;
        if (!first || !given.arrives) break;
        this.pending = rest;
        const thread = this.threads.get(first.channelId);
        if (thread && first.kind !== "resolved")
          this.threads.set(first.channelId, { ...thread, reached: true });
      }
    }
    this.tell();
  }

  tell(): Telling[] {
    const given = { routes: [everything], channels: this.channels, now: this.now };
    const due = dueTellings([this.level], [...this.threads.values()], given);
    for (const telling of due) {
      const { kind, channelId } = telling;
      const before = this.threads.get(channelId);
      const over = kind === "resolved" || kind === "withdrawn";
      if (over) expect(kind).toBe(before?.reached ? "resolved" : "withdrawn");
      if (over)
        this.pending = this.pending.filter((one) => one.channelId !== channelId || one.kind === "resolved");
      if (kind !== "withdrawn") {
        this.pending.push(telling);
        this.log.push({ kind, channelId, telling: this.level.telling, level: this.level });
      }
      const quiet = kind === "acknowledged" || kind === "refreshed";
      this.threads.set(channelId, {
        incidentId: "i",
        channelId,
        told: over ? "resolved" : "firing",
        telling: quiet ? (before?.telling ?? 0) : this.level.telling,
        severity: this.level.severity,
        toldAt: kind === "acknowledged" && before ? before.toldAt : this.now,
        acknowledgedAt:
          kind === "acknowledged" ? this.level.acknowledgedAt : (before?.acknowledgedAt ?? null),
        reached: before?.told === "firing" && !over ? before.reached : false,
      });
    }
    return due;
  }
}

const news = new Set(["fired", "refired", "changed", "rose"]);

test("in any order of evaluations, people, silences and outages: each news once, never none, and a resolve to whoever was told", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = new World();
      for (const one of steps) {
        world.apply(one);
        // Nothing is left to tell at the same moment.
        expect(world.tell()).toEqual([]);
      }
      for (const { kind, level } of world.log) {
        const hushed = level.alerts.every((alert) => alert.hushed);
        if (news.has(kind) || kind === "repeated") expect([level.state, hushed]).toEqual(["open", false]);
        if (kind === "acknowledged") expect(level.state).toBe("acknowledged");
      }
      for (const { id } of world.channels) {
        const mine = world.log.filter(({ channelId }) => channelId === id);
        const tellings = mine.filter(({ kind }) => news.has(kind) && (id !== "mirror" || kind !== "changed"));
        expect(new Set(tellings.map(({ telling }) => telling)).size).toBe(tellings.length);
        // A resolve follows a fire, and only one.
        let open = false;
        for (const { kind } of mine) {
          if (kind === "resolved") {
            expect(open).toBe(true);
            open = false;
          } else open = true;
        }
      }
      // Left alone with nobody in its way, every channel knows how it stands.
      world.apply({ do: "unhush" });
      world.apply({ do: "unacknowledge" });
      world.apply({ do: "wait", ms: 400_000 });
      const fires = world.level.condition === "firing" && world.level.state !== "closed";
      for (const { id } of world.channels) {
        const thread = world.threads.get(id);
        if (fires) expect([thread?.told, thread?.telling]).toEqual(["firing", world.level.telling]);
        else expect(thread?.told ?? "resolved").toBe("resolved");
      }
    }),
    { numRuns: 500 },
  );
});
