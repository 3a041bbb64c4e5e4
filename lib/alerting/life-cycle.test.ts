import fc from "fast-check";
import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import type { AcceptedLook } from "../evaluation/recorded.ts";
import { foundCheck, stateOf } from "../testing/evaluate.ts";
import { actOnIncident, type IncidentAct } from "./act-on-incident.ts";
import { type Alert, type AlertCondition, fires, severityRank } from "./alert.ts";
import { closeAfterMs, type Incident, type IncidentStep } from "./incident.ts";
import { concernOf, moveIncidents } from "./move-incidents.ts";
import { seeAlerts } from "./see-alerts.ts";
import { tickIncident } from "./transition-incident.ts";

/*
 * Any order of evaluations, people and clocks, also one that is put back, through the very functions that the evaluator,
 * the verbs and the duty write down what they answer of.
 */
const checks = [
  foundCheck("a.prompt"),
  foundCheck("a.patient", { for: 60, keepFiringFor: 120 }),
  foundCheck("a.one", { cause: "shared" }),
  foundCheck("a.other", { cause: "shared", for: 30 }),
];
const groupOf = new Map(checks.map(({ id, cause }) => [id, cause ?? id]));
const people = ["Ada", "Bob"].map((name) => ({ kind: "user", id: name, name }) as const);

const badly = fc.constantFrom(
  "ok",
  "notice",
  "warning",
  "critical",
  "no_data",
  "error",
  "unavailable" as const,
);
const look = fc.record({
  check: fc.constantFrom(...checks),
  found: fc.uniqueArray(fc.tuple(fc.constantFrom("x", "y", "z"), badly), { selector: ([name]) => name }),
  answer: fc.constantFrom("complete", "complete", "complete", "incomplete", "failed"),
});
const ahead = fc.integer({ min: 1, max: 7_200 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ evaluate: fc.uniqueArray(look, { selector: ({ check }) => check.id }) }),
  },
  { weight: 3, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 3_000 }) }) },
  { weight: 1, arbitrary: fc.record({ back: fc.integer({ min: 1, max: 20_000 }) }) },
  { weight: 2, arbitrary: fc.constant({ tick: true as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      by: fc.constantFrom(...people),
      which: fc.nat(5),
      act: fc.oneof(
        ahead.map((seconds) => ({ act: "acknowledge", seconds }) as const),
        ahead.map((seconds) => ({ act: "snooze", seconds }) as const),
        fc.constant({ act: "unacknowledge" } as const),
        fc.constantFrom(...people).map(({ id, name }) => ({ act: "assign", to: { id, name } }) as const),
        fc.constant({ act: "comment", text: "Looked." } as const),
        fc.constantFrom(null, "Known since Monday").map((reason) => ({ act: "close", reason }) as const),
      ),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

class World {
  now = Date.UTC(2026, 0, 1);
  alerts = new Map<string, Alert>();
  incidents = new Map<string, Incident>();

  open = () => [...this.incidents.values()].filter(({ state }) => state !== "closed");
  of = ({ id }: Incident) => [...this.alerts.values()].filter(({ incidentId }) => incidentId === id);
  at = () => new Date(this.now);

  take(given: Step): void {
    if ("pass" in given) this.now += given.pass * 1_000;
    else if ("back" in given) this.now -= given.back * 1_000;
    else if ("evaluate" in given) this.evaluate(given.evaluate);
    else if ("tick" in given) this.tick();
    else this.act(given);
  }

  evaluate(found: Extract<Step, { evaluate: unknown }>["evaluate"]): void {
    const looks = found.map(
      ({ check, found: objects, answer }): AcceptedLook => ({
        check,
        answer:
          answer === "failed"
            ? null
            : {
                keys: objects.map(([name]) => name),
                objects: objects.map(stateOf),
                complete: answer === "complete",
              },
        error: answer === "failed" ? { code: "TIMEOUT", message: "Too slow." } : null,
        repliedBefore: this.at(),
      }),
    );
    const round = {
      target: "t",
      now: this.at(),
      looks,
      isCheck: () => true,
      patience: ({ for: forS = 0, keepFiringFor = 0 }: (typeof checks)[number]) => ({
        forMs: forS * 1_000,
        keepFiringMs: keepFiringFor * 1_000,
      }),
    };
    const seen = seeAlerts(round, [...this.alerts.values()]);
    const failed = new Set(looks.flatMap(({ check, answer }) => (answer ? [] : [check.id])));
    for (const { before, alert, changes } of seen) {
      expect(legal[before?.condition ?? "normal"]).toContain(alert.condition);
      // What cannot be seen is never taken for over, but for what was fine already.
      if (failed.has(alert.checkId) && before?.condition === "firing") expect(alert.condition).toBe("firing");
      if (before && !fires(before) && fires(alert)) expect(changes).toContain("fired");
    }
    const { groups, incidents } = concernOf(round, seen);
    const open = this.open().filter(({ id, groupKey }) => groups.has(groupKey) || incidents.has(id));
    const moves = moveIncidents(round, seen, open);
    for (const { before, after } of moves.updated) this.keep(before, { incident: after, events: [] });
    for (const incident of moves.opened)
      this.incidents.set(incident.id, { ...incident, number: this.incidents.size + 1 });
    for (const { alert } of seen)
      this.alerts.set(alert.id, { ...alert, incidentId: moves.joined.get(alert.id) ?? alert.incidentId });
  }

  tick(): void {
    for (const incident of this.open()) this.keep(incident, tickIncident(incident, this.at()));
    for (const { state, acknowledged, snoozed, normalSince } of this.open()) {
      if (state === "snoozed") expect(snoozed?.until.getTime()).toBeGreaterThan(this.now);
      if (state === "acknowledged") expect(acknowledged?.until.getTime()).toBeGreaterThan(this.now);
      if (normalSince) expect(this.now - normalSince.getTime()).toBeLessThan(closeAfterMs);
      if (normalSince) expect(normalSince.getTime()).toBeLessThanOrEqual(this.now);
    }
  }

  act({ by, which, act: given }: Extract<Step, { by: unknown }>): void {
    const incident = [...this.incidents.values()][which];
    if (!incident) return;
    const act: IncidentAct =
      "seconds" in given ? { act: given.act, until: new Date(this.now + given.seconds * 1_000) } : given;
    try {
      const moved = actOnIncident(incident, act, { by, now: this.at(), alerts: this.of(incident) });
      if (act.act === "close" && incident.condition === "firing") expect(act.reason).not.toBeNull();
      this.keep(incident, moved, true);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      expect(["CONFLICT", "BAD_INPUT"]).toContain(thrown.code);
    }
  }

  keep(before: Incident, { incident: after }: IncidentStep, byPerson = false): void {
    expect(this.incidents.get(before.id)).toBe(before);
    expect(before.state === "closed" && after.state !== "closed").toBe(false);
    expect([0, 1]).toContain(after.telling - before.telling);
    expect([0, 1]).toContain(after.version - before.version);
    const decided = ({ state, condition, assignee }: Incident) =>
      JSON.stringify([state, condition, assignee]);
    if (decided(before) !== decided(after)) expect(after.version).toBe(before.version + 1);
    const attended = before.state === "acknowledged" || before.state === "snoozed";
    // What comes back by itself while it fires is told; what a person takes back is not.
    if (attended && after.state === "open" && after.condition === "firing")
      expect(after.telling - before.telling).toBe(byPerson ? 0 : 1);
    if (byPerson) expect(after.telling).toBe(before.telling);
    else expect(after.assignee).toBe(before.assignee);
    // It fires anew: the same incident, without its acknowledgement.
    if (before.condition === "normal" && after.condition === "firing") {
      expect(after.fires).toBe(before.fires + 1);
      expect(after.state).not.toBe("acknowledged");
    }
    this.incidents.set(after.id, after);
  }

  check(): void {
    const open = this.open();
    expect(new Set(open.map(({ groupKey }) => groupKey)).size).toBe(open.length);
    for (const incident of this.incidents.values()) {
      const { state, acknowledged, snoozed, closed, covered } = incident;
      expect([state === "acknowledged", state === "snoozed", state === "closed"]).toEqual([
        acknowledged !== null,
        snoozed !== null,
        closed !== null,
      ]);
      expect(covered !== null).toBe(state === "acknowledged" || state === "snoozed");
    }
    for (const incident of open) {
      const firing = this.of(incident).filter(fires);
      expect([incident.condition, incident.firing, incident.normalSince === null]).toEqual([
        firing.length > 0 ? "firing" : "normal",
        firing.length,
        firing.length > 0,
      ]);
      const worst = Math.max(...firing.map(({ severity }) => severityRank(severity ?? "notice")));
      if (firing.length > 0) expect(severityRank(incident.severity)).toBe(worst);
      if (!incident.covered) continue;
      for (const { id, severity } of firing) {
        const then = incident.covered[id];
        expect(then && severityRank(severity ?? "notice") <= severityRank(then)).toBe(true);
      }
    }
    for (const alert of this.alerts.values()) {
      if (!fires(alert)) continue;
      const incident = this.incidents.get(alert.incidentId ?? "");
      expect(incident?.groupKey).toBe(groupOf.get(alert.checkId));
      // Nothing fires behind the machine's back: only a person leaves it so.
      if (incident?.state === "closed") expect(incident.closed?.by).not.toBeNull();
      expect(alert.severity).not.toBeNull();
    }
  }
}

const legal: Record<AlertCondition, readonly AlertCondition[]> = {
  normal: ["normal", "pending", "firing"],
  pending: ["pending", "firing", "normal"],
  firing: ["firing", "recovering", "normal"],
  recovering: ["recovering", "firing", "normal"],
};

test("no order of evaluations, people and clocks leads to a state that is none", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = new World();
      for (const one of steps) {
        world.take(one);
        world.check();
      }
    }),
    { numRuns: 400 },
  );
});
