import { expect, test } from "vitest";
import { toAppError } from "../../errors.ts";
import { prepareEvents } from "./event.ts";
import { maxDetailsBytes } from "./event-limits.ts";
import type { EventInput } from "./event-schema.ts";
import { uuidV7 } from "./uuid-v7.ts";

const event = (more: object = {}) =>
  ({ organizationId: "o", action: "a.b", status: "success", ...more }) as EventInput;

function problemsOf(more: object): Record<string, string> | undefined {
  try {
    prepareEvents([event(more)]);
  } catch (thrown) {
    return toAppError(thrown).fields;
  }
  return undefined;
}

test("what is left open is fixed once: preparing again changes nothing", () => {
  const now = new Date("2026-11-23T09:00:00.123Z");
  const [once] = prepareEvents([event()], now);
  expect(once).toMatchObject({
    occurredAt: "2026-11-23T09:00:00.123Z",
    recordedAt: "2026-11-23T09:00:00.123Z",
    retentionPolicy: "standard",
    dataClassification: "INTERNAL",
    eventVersion: 1,
    details: {},
  });
  expect(once?.id).toMatch(/^019[0-9a-f]{5}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$|^01a/);
  expect(prepareEvents([once as EventInput], new Date("2027-01-01T00:00:00Z"))).toEqual([once]);
});

test("times keep their microseconds and become UTC", () => {
  const [made] = prepareEvents([event({ occurredAt: "2026-03-29T02:30:00.123456+02:00" })]);
  expect(made?.occurredAt).toBe("2026-03-29T00:30:00.123456Z");
  expect(prepareEvents([event({ occurredAt: "2026-03-29T00:30:00Z" })])[0]?.occurredAt).toBe(
    "2026-03-29T00:30:00.000Z",
  );
});

test.each([
  [{ occurredAt: "2026-03-29T02:30:00.1234567Z" }, "0.occurredAt"],
  [{ occurredAt: "2026-03-29 02:30" }, "0.occurredAt"],
  [{ recordedAt: new Date(Date.now() + 3_600_000) }, "0.recordedAt"],
  [{ id: "00000000-0000-4000-8000-000000000000" }, "0.id"],
  [{ status: "ok" }, "0.status"],
  [{ organizationId: "" }, "0.organizationId"],
  [{ action: "a\0b" }, "0.action"],
  [{ actorEmail: "someone" }, "0"],
  [{ details: [1] }, "0.details"],
  [{ details: { a: { b: [1, Number.POSITIVE_INFINITY] } } }, "0.details.a.b.1"],
  [{ details: { n: 2 ** 53 } }, "0.details.n"],
  [{ details: { n: 10n } }, "0.details.n"],
  [{ details: { at: new Date() } }, "0.details.at"],
  [{ details: { text: "\ud800" } }, "0.details.text"],
  [{ details: { text: "\ufdd0" } }, "0.details.text"],
  [{ details: { text: "\u{1ffff}" } }, "0.details.text"],
  [{ details: { "\ufffe": 1 } }, "0.details.\ufffe"],
  [{ targetId: "\uffff" }, "0.targetId"],
  [{ actor: { id: "u", details: { n: 10n } } }, "0.actor.details.n"],
  [{ actor: { id: "u", name: "x".repeat(501) } }, "0.actor.name"],
  [{ targetPerson: { id: "u", details: { a: "é".repeat(8_200) } } }, "0.targetPerson"],
  [{ actor: { id: "u" }, actorToken: "t" }, "0.actorToken"],
  [{ occurredAt: "0001-01-01T00:00:00+02:00" }, "0.occurredAt"],
  [{ occurredAt: "9999-12-31T23:59:59-01:00" }, "0.occurredAt"],
  [{ recordedAt: new Date(8.64e15) }, "0.recordedAt"],
  [{ occurredAt: "2026-02-30T00:00:00Z" }, "0.occurredAt"],
  [{ details: { "k\0": 1 } }, "0.details.k\0"],
  [{ details: { list: [undefined] } }, "0.details.list.0"],
  [{ details: { big: "x".repeat(maxDetailsBytes) } }, "0.details"],
])("%o is refused at its path", (more, path) => {
  expect(Object.keys(problemsOf(more) ?? {})).toContain(path === "0" ? "0" : path);
});

test("details that a double and jsonb carry unchanged are taken, an undefined property counts as absent", () => {
  expect(
    problemsOf({ details: { n: 0.1, max: 2 ** 53 - 1, none: undefined, deep: { ok: [null, "ü😀"] } } }),
  ).toBe(undefined);
});

test("a UUID of version 7 sorts by its time and can be made again from the same bits", () => {
  const bits = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(uuidV7(1_700_000_000_000, bits)).toBe(uuidV7(1_700_000_000_000, bits));
  expect(uuidV7(1_700_000_000_000, bits).replaceAll("-", "").slice(0, 12)).toBe(
    (1_700_000_000_000).toString(16).padStart(12, "0"),
  );
  const many = Array.from({ length: 2_000 }, () => uuidV7(5));
  expect(new Set(many).size).toBe(2_000);
  expect(uuidV7(5) < uuidV7(6)).toBe(true);
});
