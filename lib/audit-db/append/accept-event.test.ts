import canonicalize from "canonicalize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptEvent } from "./accept-event.ts";
import { canonicalIJson } from "./canonical-i-json.ts";
import { type EventInput, eventInput } from "./event-schema.ts";
import { findJsonProblem } from "./i-json.ts";

const words = fc.string({ minLength: 1, maxLength: 20 });
const details = fc
  .dictionary(words, fc.jsonValue(), { maxKeys: 20 })
  .filter((made) => findJsonProblem(made) === null);
const time = fc.oneof(
  fc.date({
    min: new Date("1970-01-01T00:00:00Z"),
    max: new Date("2999-01-01T00:00:00Z"),
    noInvalidDate: true,
  }),
  fc.constantFrom("2026-03-29T02:30:00.123456+02:00", "2026-03-29T00:30:00Z"),
);
const person = fc.record(
  { id: words, name: words, email: words, ip: words, userAgent: words, details },
  { requiredKeys: ["id"] },
);
const valid = fc.record(
  {
    id: fc.uuid({ version: 7 }),
    occurredAt: time,
    recordedAt: time,
    organizationId: words,
    action: words,
    status: fc.constantFrom("attempt", "success", "failure"),
    targetType: fc.option(words),
    targetId: fc.option(words),
    outcome: fc.option(words),
    correlationId: fc.option(words),
    eventVersion: fc.integer({ min: 1, max: 32_767 }),
    dataClassification: fc.constantFrom("PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"),
    retentionPolicy: words,
    processingMs: fc.option(fc.integer({ min: 0 })),
    details,
    actorToken: fc.option(words, { freq: 1 }),
    targetToken: fc.option(words, { freq: 1 }),
    actor: person,
    targetPerson: person,
  },
  { requiredKeys: ["organizationId", "action", "status"] },
);
const oddTexts = [
  "",
  "\0",
  "\ud800",
  "\ufffe",
  "\ufdd0",
  "\x1f",
  "é",
  "😀",
  '"',
  "\\",
  "soon",
  "2026-02-30T00:00:00Z",
];
const anything = fc.oneof(
  fc.constantFrom(...oddTexts, "a".repeat(64), "a".repeat(201), "a".repeat(501)),
  fc.constantFrom(null, undefined, 0, 1, -1, 1.5, 40_000, 3e9, Number.NaN, true, 7n, new Date(Number.NaN)),
  fc.constantFrom([], {}, [1], new Map(), Symbol.iterator, () => 1),
  fc.dictionary(
    fc.constantFrom("id", "name", "details", "k\0"),
    fc.constantFrom("a", "", "\ud800", 7n, { a: 1e300 }),
  ),
  person,
  time,
);
const fields = [
  "id",
  "occurredAt",
  "recordedAt",
  "organizationId",
  "action",
  "status",
  "targetType",
  "outcome",
];
const others = [
  "eventVersion",
  "dataClassification",
  "retentionPolicy",
  "processingMs",
  "details",
  "actorToken",
];
const changed = fc.array(
  fc.tuple(fc.constantFrom(...fields, ...others, "actor", "targetPerson", "more"), anything),
  {
    maxLength: 2,
  },
);
/** Mostly valid; now and then a field or two of any kind. */
const event = fc.tuple(valid, changed).map(([one, changes]) => {
  const { actorToken, targetToken, ...rest } = one;
  const tokens = { ...(!one.actor && { actorToken }), ...(!one.targetPerson && { targetToken }) };
  return { ...rest, ...tokens, ...Object.fromEntries(changes) } as unknown as EventInput;
});

const without = (undefinedOnes: object) =>
  Object.fromEntries(Object.entries(undefinedOnes).filter(([, value]) => value !== undefined));

test("what is accepted by hand is what the schema accepts, and the same comes out", () => {
  let accepted = 0;
  fc.assert(
    fc.property(event, (given) => {
      const byHand = acceptEvent(given);
      if (!byHand) return;
      accepted++;
      const parsed = eventInput.safeParse(given);
      expect(parsed.error).toBeUndefined();
      expect(without(byHand.event)).toEqual(without(parsed.data as object));
      expect(byHand.details).toBe(canonicalize(parsed.data?.details));
      expect(byHand.actor).toBe(parsed.data?.actor && canonicalize(parsed.data.actor));
      expect(byHand.targetPerson).toBe(parsed.data?.targetPerson && canonicalize(parsed.data.targetPerson));
    }),
    { numRuns: 1_000 },
  );
  expect(accepted).toBeGreaterThan(200);
});

test("what the schema accepts is accepted by hand", () => {
  fc.assert(
    fc.property(event, (given) => {
      if (eventInput.safeParse(given).success) expect(acceptEvent(given)).not.toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test("a value has a canonical text unless it has a problem, and it is RFC 8785's", () => {
  const value = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
    }),
    fc.jsonValue({ stringUnit: "binary", maxDepth: 20 }),
    fc.dictionary(fc.string({ unit: "binary" }), fc.double(), { minKeys: 15, maxKeys: 40 }),
  );
  fc.assert(
    fc.property(value, (made) => {
      const text = canonicalIJson(made);
      expect(text === null).toBe(made === undefined || findJsonProblem(made) !== null);
      if (text !== null) expect(text).toBe(canonicalize(made));
    }),
    { numRuns: 1_000 },
  );
});

test("circles and depths end in a refusal", () => {
  const circle: Record<string, unknown> = {};
  circle.again = circle;
  expect(canonicalIJson(circle)).toBeNull();
  let deep: unknown = 1;
  for (let level = 0; level < 16; level++) deep = [deep];
  expect(canonicalIJson(deep)).not.toBeNull();
  expect(canonicalIJson([deep])).toBeNull();
  expect(
    acceptEvent({ organizationId: "o", action: "a", status: "success", details: circle } as EventInput),
  ).toBeNull();
});
