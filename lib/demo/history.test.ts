import { expect, test } from "vitest";
import { prepareEvents } from "../audit-db/append/event.ts";
import { daysOf, historySpan, pastDay, policyBeginning } from "./history.ts";
import { createRandom } from "./random.ts";
import { eventsThisSecond } from "./write-events.ts";

const anchor = new Date("2026-11-23T09:12:00Z");
const span = historySpan(anchor);

test("the same day tells the same story, and no id comes twice", () => {
  const day = new Date("2026-10-14T00:00:00Z");
  const once = pastDay(day, span);
  expect(pastDay(day, span)).toEqual(once);
  const week = daysOf(span)
    .slice(-7)
    .flatMap((one) => pastDay(one, span));
  expect(new Set(week.map((event) => event.id)).size).toBe(week.length);
});

test("nothing lies outside the span, and events of the shortest policy only where they would still be kept", () => {
  const minimalFrom = policyBeginning("minimal", span).toISOString();
  expect(minimalFrom).toBe("2026-09-01T00:00:00.000Z");
  const edges = [
    ...daysOf(span).slice(0, 3),
    ...daysOf(span).slice(-90, -80),
    ...daysOf(span).slice(-2),
  ].flatMap((day) => pastDay(day, span));
  for (const event of edges) {
    expect(event.occurredAt >= span.from.toISOString() && event.recordedAt <= anchor.toISOString()).toBe(
      true,
    );
    expect(event.recordedAt > event.occurredAt).toBe(true);
    if (event.retentionPolicy === "minimal") expect(event.occurredAt >= minimalFrom).toBe(true);
  }
});

test("weekends are quiet, nights belong to machines", () => {
  const saturday = pastDay(new Date("2026-11-14T00:00:00Z"), span);
  const tuesday = pastDay(new Date("2026-11-17T00:00:00Z"), span);
  expect(saturday.length).toBeLessThan(tuesday.length / 3);
  const hour = (text: string) => Number(text.slice(11, 13));
  const working = tuesday.filter((event) => hour(event.occurredAt) >= 7 && hour(event.occurredAt) < 17);
  expect(working.length).toBeGreaterThan(tuesday.length * 0.7);
  const month = daysOf(span)
    .slice(-30)
    .flatMap((day) => pastDay(day, span));
  const atNight = month.filter((one) => hour(one.occurredAt) < 4);
  const machines = atNight.filter((one) => one.actor === undefined);
  // Somebody's late evening may end after midnight.
  expect(machines.length).toBeGreaterThan(atNight.length * 0.97);
});

test("people are made up, statuses and policies are mixed, and every event is valid", () => {
  const week = daysOf(span)
    .slice(-14, -7)
    .flatMap((day) => pastDay(day, span));
  expect(prepareEvents(week)).toHaveLength(week.length);
  for (const { actor, targetPerson, actorToken, targetToken, targetId } of week) {
    expect([actorToken, targetToken]).toEqual([undefined, undefined]);
    if (actor) {
      expect(actor.id).toMatch(/^usr_[0-9a-f]{16}$/);
      expect(actor.email).toMatch(/^[a-z]+\.[a-z]+\d+@org-[0-9a-f]{8}\.example$/);
      expect(actor.ip).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    }
    if (targetPerson)
      expect(targetPerson).toEqual(
        expect.objectContaining({ email: expect.stringMatching(/@mail\.example$/) }),
      );
    expect(targetPerson === undefined).toBe(targetId !== undefined);
  }
  const actors = week.flatMap(({ actor }) => (actor ? [actor] : []));
  expect(new Set(actors.map(({ id }) => id)).size).toBeGreaterThan(500);
  expect(new Set(actors.map(({ name }) => name)).size).toBeGreaterThan(300);
  expect(new Set(week.map((event) => event.status))).toEqual(new Set(["success", "failure", "attempt"]));
  expect(new Set(week.map((event) => event.retentionPolicy)).size).toBe(4);
  expect(new Set(week.map((event) => event.organizationId)).size).toBe(12);
  expect(new Set(week.map((event) => event.action)).size).toBeGreaterThan(15);
});

test("live writing stays between nothing and fifteen events a second, about one in four seconds on average", () => {
  const random = createRandom(1);
  const rates = Array.from({ length: 8_400 }, (_, second) => eventsThisSecond(second * 1_000, random.next()));
  expect(Math.min(...rates)).toBe(0);
  expect(Math.max(...rates)).toBeLessThanOrEqual(15);
  const average = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  expect(average).toBeGreaterThan(0.2);
  expect(average).toBeLessThan(0.5);
});
