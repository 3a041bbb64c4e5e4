import fc from "fast-check";
import { expect, test } from "vitest";
import { everything, firing, mail, mirror, pager } from "../testing/told-incidents.ts";
import { dueTellings, type IncidentLevel, type Telling, type Thread } from "./due-tellings.ts";

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
