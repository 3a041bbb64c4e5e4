import { expect, test } from "vitest";
import type { TargetEvent } from "@/lib/collector/types.ts";
import { placeEvents } from "./place-events.ts";

const event = (at: number, more: Partial<TargetEvent> = {}): TargetEvent => ({
  at: new Date(at),
  endedAt: null,
  kind: "restart",
  severity: "info",
  title: `at ${at}`,
  detail: {},
  ...more,
});

test("moments are marks where they happened, those too near each other one mark of the worst severity", () => {
  const { marks, spans } = placeEvents(
    [event(505, { severity: "warning" }), event(500), event(100), event(2_000)],
    [0, 1_000],
    1_000,
    1_000,
  );
  expect(spans).toEqual([]);
  expect(marks.map(({ x, severity, events }) => [x, severity, events.length])).toEqual([
    [100, "info", 1],
    [500, "warning", 2],
  ]);
});

test("an outage is a span, cut at the range's ends; one that goes on ends now; a short one can still be seen", () => {
  const outage = { kind: "outage", severity: "critical" } as const;
  const { spans } = placeEvents(
    [
      event(-500, { ...outage, endedAt: new Date(100) }),
      event(400, { ...outage, endedAt: new Date(401) }),
      event(800, outage),
      event(-50, { ...outage, endedAt: new Date(-10) }),
    ],
    [0, 1_000],
    500,
    900,
  );
  expect(spans.map(({ x, width }) => [x, width])).toEqual([
    [0, 50],
    [200, 3],
    [400, 50],
  ]);
});
