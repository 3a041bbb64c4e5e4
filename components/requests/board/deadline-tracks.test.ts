import { describe, expect, it } from "vitest";
import { openRequest } from "@/components/requests/request-fixtures.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { boardSpan, dayMs, trackOf } from "./deadline-tracks.ts";

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
const kinds = (request: RequestSummary, now: string) =>
  trackOf(request, at(now)).parts.map(({ kind }) => kind);

describe("a track", () => {
  it("runs from receipt to due, split at now", () => {
    const request = openRequest({ receivedAt: "2026-11-01T12:00:00Z", dueAt: "2026-12-01T23:00:00Z" });
    expect(kinds(request, "2026-11-10")).toEqual(["ran", "left"]);
    const { parts, endMs } = trackOf(request, at("2026-11-10"));
    expect(parts[0]?.toMs).toBe(at("2026-11-10"));
    expect(endMs).toBe(Date.parse("2026-12-01T23:00:00Z"));
  });

  it("goes on in red past due, up to now", () => {
    const request = openRequest({ receivedAt: "2026-10-01T12:00:00Z", dueAt: "2026-11-02T23:00:00Z" });
    expect(kinds(request, "2026-11-10")).toEqual(["ran", "over"]);
    expect(trackOf(request, at("2026-11-10")).endMs).toBe(at("2026-11-10"));
    const answered = { ...request, respondedAt: "2026-11-05T12:00:00Z" };
    expect(trackOf(answered, at("2026-11-10")).endMs).toBe(at("2026-11-05"));
  });

  it("ends at its last day where it was answered in time, however long it stays open", () => {
    const request = openRequest({
      ...{ receivedAt: "2026-10-01T12:00:00Z", dueAt: "2026-11-02T23:00:00Z" },
      respondedAt: "2026-10-20T12:00:00Z",
    });
    expect(kinds(request, "2026-11-10")).toEqual(["ran"]);
    expect(trackOf(request, at("2026-11-10")).endMs).toBe(Date.parse("2026-11-02T23:00:00Z"));
  });

  it("begins the extension on the last day of a month that has no such day", () => {
    const request = openRequest({
      ...{ receivedAt: "2026-01-31T12:00:00Z", dueAt: "2026-04-30T22:00:00Z" },
      extendedAt: "2026-02-10T12:00:00Z",
    });
    const { parts } = trackOf(request, at("2026-02-12"));
    expect(parts.at(-1)).toMatchObject({ kind: "extended", fromMs: Date.parse("2026-02-28T00:00:00Z") });
  });

  it("shows each pause where it was, and ends at now while one lasts", () => {
    const intervals = [
      { kind: "identity", beganAt: "2026-11-03T12:00:00Z", endedAt: "2026-11-06T12:00:00Z" },
    ] as const;
    const paused = openRequest({
      receivedAt: "2026-11-01T12:00:00Z",
      dueAt: "2026-12-04T23:00:00Z",
      intervals: [...intervals],
    });
    expect(kinds(paused, "2026-11-10")).toEqual(["ran", "stood", "ran", "left"]);
    const standing = openRequest({
      receivedAt: "2026-11-01T12:00:00Z",
      dueAt: null,
      daysLeft: null,
      standing: "identity",
      intervals: [{ kind: "identity", beganAt: "2026-11-03T12:00:00Z", endedAt: null }],
    });
    expect(kinds(standing, "2026-11-10")).toEqual(["ran", "stood"]);
    expect(trackOf(standing, at("2026-11-10")).dueMs).toBeNull();
  });

  it("tells the extension's days from the first month's", () => {
    const request = openRequest({
      receivedAt: "2026-11-01T12:00:00Z",
      dueAt: "2027-02-01T23:00:00Z",
      extendedAt: "2026-11-20T12:00:00Z",
    });
    expect(kinds(request, "2026-11-25")).toEqual(["ran", "left", "extended"]);
  });

  it("has no holes and no overlaps", () => {
    const request = openRequest({
      receivedAt: "2026-11-01T12:00:00Z",
      dueAt: "2027-02-01T23:00:00Z",
      extendedAt: "2026-11-20T12:00:00Z",
      intervals: [
        { kind: "identity", beganAt: "2026-11-03T12:00:00Z", endedAt: "2026-11-06T12:00:00Z" },
        { kind: "clarification", beganAt: "2026-11-05T12:00:00Z", endedAt: "2026-11-09T12:00:00Z" },
      ],
    });
    const { parts, receivedMs, endMs } = trackOf(request, at("2026-11-25"));
    expect(parts[0]?.fromMs).toBe(receivedMs);
    expect(parts.at(-1)?.toMs).toBe(endMs);
    for (const [index, { fromMs }] of parts.slice(1).entries()) expect(fromMs).toBe(parts[index]?.toMs);
  });
});

it("the shared axis holds now and is not stretched by one that is very old", () => {
  const now = at("2026-11-10");
  const old = trackOf(
    openRequest({ receivedAt: "2024-01-01T12:00:00Z", dueAt: "2024-02-01T23:00:00Z" }),
    now,
  );
  const { fromMs, toMs } = boardSpan([old], now);
  expect(now - fromMs).toBeLessThan(97 * dayMs);
  expect(toMs).toBeGreaterThan(now + 13 * dayMs);
  expect(boardSpan([], now).toMs).toBeGreaterThan(now);
});
