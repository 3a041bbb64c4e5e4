import { expect, test } from "vitest";
import { seeded } from "../testing/event-rhythm.ts";
import type { Alert } from "./alert.ts";
import { flappingWithinMs, judgeFlapping, toldCondition } from "./judge-flapping.ts";
import { type Sight, transitionAlert } from "./transition-alert.ts";

const week = 7 * 24 * 60 * 2;
const everyMs = 30_000;
const patience = { forMs: 60_000, keepFiringMs: 120_000 };
const bad: Sight = {
  ...{ saw: "bad", severity: "warning", object: { kind: "target" }, value: 1, unit: "count" },
  ...{ threshold: null, words: { title: "Bad.", detail: "" }, path: "overview", since: null },
};

/** Messages of a week of looks: with what flapping keeps back, and without. */
function tell(isBad: (look: number) => boolean) {
  const start = new Date("2026-03-02T00:00:00Z");
  let alert = {
    condition: "normal",
    since: start,
    fineSince: null,
    firedAt: null,
    unconfirmed: null,
  } as Alert;
  let [flapping, told]: [boolean, "firing" | "normal"] = [false, "normal"];
  let changes: Date[] = [];
  const messages = { with: 0, without: 0 };
  for (let look = 0; look < week; look++) {
    const now = new Date(start.getTime() + look * everyMs);
    const step = transitionAlert(alert, isBad(look) ? bad : { saw: "fine" }, now, patience);
    alert = step.alert;
    if (step.changes.some((change) => change === "fired" || change === "ended")) {
      changes = [...changes.filter((at) => now.getTime() - at.getTime() < flappingWithinMs), now];
      messages.without += 1;
    }
    const verdict = judgeFlapping({ flapping, changes }, now);
    if (verdict) flapping = verdict === "begins";
    if (verdict === "begins") messages.with += 1;
    const condition = alert.condition === "firing" || alert.condition === "recovering" ? "firing" : "normal";
    const next = toldCondition({ condition, flapping });
    if (next !== told) messages.with += 1;
    told = next;
  }
  return messages;
}

/** A figure that wanders about its limit: each look keeps `memory` of the last. */
function wanders(memory: number, seed: number) {
  const random = seeded(seed);
  let figure = 0;
  return () => {
    figure = memory * figure + random() - 0.5;
    return figure > 0;
  };
}

/** 1,098 and 168 in the mean of twenty seeds. */
test("a figure that wanders about its limit is told less than a fourth as often for flapping", () => {
  for (const seed of [1, 2, 3]) {
    const messages = tell(wanders(0.65, seed));
    expect(messages.without).toBeGreaterThan(1_000);
    expect(messages.with).toBeLessThan(250);
  }
});

test("bad for 5 min of every 15 is 1,344 messages a week, and 4 for flapping", () => {
  expect(tell((look) => look % 30 < 10)).toEqual({ without: 1_344, with: 4 });
});
