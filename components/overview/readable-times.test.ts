import { expect, test } from "vitest";
import { readableTimes } from "./readable-times.ts";

test("midnights become days, other moments times with their zone, everything else stays", () => {
  expect(readableTimes("They end at 2026-11-26T00:00:00.000Z. Create more.", "utc")).toBe(
    "They end at 26 Nov 2026. Create more.",
  );
  expect(readableTimes("from 2026-11-26T01:02:03Z to 2026-11-27T00:00:00Z", "utc")).toBe(
    "from 26 Nov 2026, 01:02:03 UTC to 27 Nov 2026",
  );
  expect(readableTimes("measurement_20261126 of 2026-99-99T00:00:00Z", "utc")).toBe(
    "measurement_20261126 of 2026-99-99T00:00:00Z",
  );
});
