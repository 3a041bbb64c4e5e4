import { expect, test } from "vitest";
import { eventText, eventWords } from "./timeline-words.ts";

const now = Date.parse("2026-11-27T12:00:00Z");
const olga = { kind: "user", name: "Olga" } as const;
const words = (
  kind: Parameters<typeof eventWords>[0]["kind"],
  facts: Record<string, unknown> = {},
  actor: Parameters<typeof eventWords>[0]["actor"] = null,
  text: string | null = null,
) => eventWords({ kind, facts, actor, text }, now, "utc");
const objects = (...names: string[]) => ({ objects: names.map((name) => ({ name })), count: names.length });

test("what the machine saw names its objects, the first three of many", () => {
  expect([
    words("opened", { severity: "critical", ...objects("4711") }),
    words("opened", {
      severity: "warning",
      count: 1,
      objects: [{ name: "a", title: "The slot a is inactive." }],
    }),
    words("object_joined", objects("4712", "4713")),
    words("object_left", { ...objects("a", "b", "c", "d"), count: 12 }),
    words("severity_fell", { from: "critical", to: "warning" }),
    words("reopened", { from: "acknowledged", ...objects("4712") }),
    words("reopened", { from: "acknowledged" }),
    words("resolved", objects("4711")),
    words("closed"),
    words("object_joined", {}),
    words("object_joined", objects("16384/17197/-7761319681393427302/1")),
  ]).toEqual([
    "Opened as critical: pid 4711 began to fire",
    "Opened as warning: The slot a is inactive.",
    "pid 4712 and pid 4713 joined",
    "Fine again: a, b, c and 9 more",
    "Fell from critical to warning",
    "Waits for somebody again: pid 4712 was not part of what was acknowledged",
    "Waits for somebody again",
    "Resolved: all objects are fine",
    "Closed: normal for 30 minutes",
    "Another object joined",
    "statement -7761319681393427302 joined",
  ]);
});

test("what people did begins with who, and moments of facts, which travel as text, are written as times", () => {
  expect([
    words("acknowledged", { until: "2026-11-27T20:00:00.000Z" }, olga),
    words("snoozed", { until: "2026-11-28T09:00:00.000Z" }, olga),
    words("snooze_ended", {}, olga),
    words("snooze_ended", { by: "Olga" }),
    words("assigned", { to: "Piotr" }, olga),
    words("assigned", { to: null }, olga),
    words("closed", { forced: true }, olga, "A false alarm"),
    words("acknowledged", { until: "no moment" }, olga),
  ]).toEqual([
    "Olga acknowledged it until 20:00",
    "Olga snoozed it until 28 Nov 09:00",
    "Olga ended the snooze",
    "The snooze is over: it waits for somebody again",
    "Olga assigned it to Piotr",
    "Olga took it from its assignee",
    "Olga closed it while it fired",
    "Olga acknowledged it",
  ]);
});

test("a silence names its end, which one of another system has not", () => {
  const silence = "01936c1e-0000-7000-8000-000000000001";
  expect([
    words("silenced", { silence, until: "2026-11-27T20:00:00.000Z" }, olga),
    words("silenced", { silence, until: null }, olga),
    words("silenced", { channel: "pager", words: "Silenced there by ann" }),
    words("unsilenced", { silence }, olga),
  ]).toEqual([
    "Nobody is told until 20:00",
    "Nobody is told until it resolves",
    "Nobody is told from here on: Silenced there by ann",
    "Told again",
  ]);
});

test("what people wrote stands apart from the sentence", () => {
  expect([
    eventText({ kind: "commented", text: "On it" }),
    eventText({ kind: "closed", text: "A false alarm" }),
    eventText({ kind: "silenced", text: "Maintenance" }),
  ]).toEqual(["On it", "A false alarm", null]);
});
