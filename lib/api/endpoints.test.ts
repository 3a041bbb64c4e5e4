import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { reads } from "../reads.ts";
import { endpoints } from "./endpoints.ts";

const inputOf = (name: keyof typeof endpoints, query: string) =>
  endpoints[name].readInput(new URLSearchParams(query), { target: "t", queryid: "1" });

test("every endpoint without parameters gives its read an input that it accepts", () => {
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const needed: Record<string, string> = {
      history: "series=connections.active",
      event: "occurredAt=2026-01-01T00:00:00.000001Z",
      upkeepPreview: "table=audit_log",
    };
    const input = endpoint.readInput(new URLSearchParams(needed[name]), {
      target: "t",
      queryid: "4711",
      id: "01939d0a-0000-7000-8000-000000000001",
      number: "7",
    });
    expect([name, reads[endpoint.read].input.safeParse(input).success]).toEqual([name, true]);
  }
});

test("a range is relative, or has two ends, and is the last hour by itself", () => {
  expect(inputOf("overview", "")).toEqual({ range: { range: "1h" } });
  expect(inputOf("overview", "range=7d")).toEqual({ range: { range: "7d" } });
  expect(inputOf("caches", "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")).toEqual({
    range: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
  });
});

test.each([
  ["overview", "range=2h", "range"],
  ["overview", "from=2026-01-01T00:00:00Z", "range"],
  ["overview", "rnage=1h", "rnage"],
  ["partitions", "limit=0", "limit"],
  ["partitions", "limit=5&limit=6", "limit"],
  ["partitions", "orderBy=drop", "orderBy"],
  ["connections", "hideOwn=maybe", "hideOwn"],
  ["history", "", "series"],
] as const)("%s?%s is refused and the parameter %s named", (name, query, field) => {
  let thrown: unknown;
  try {
    inputOf(name, query);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject({ code: "BAD_INPUT", fields: { [field]: expect.any(String) } });
});
