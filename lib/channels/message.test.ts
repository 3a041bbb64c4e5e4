import { expect, test } from "vitest";
import { messageOf } from "../testing/messages.ts";
import { asText, headline } from "./message.ts";

test("a message says what, since when, value against limit, and where", () => {
  expect(asText(messageOf())).toBe(`Critical · Firing: Idle in transaction

Database: audit
Objects: public.a, public.b and 3 more
Value: 12 min, limit 5 min
Since: 27 Nov 2026 18:00:00 UTC

https://console.test/audit/alerts/12`);
  expect(
    asText(
      messageOf({ kind: "resolved", value: null, objects: [], more: 0, endedAt: "2026-11-27T18:30:00.000Z" }),
    ),
  ).toBe(`Resolved: Idle in transaction

Database: audit
Since: 27 Nov 2026 18:00:00 UTC
Until: 27 Nov 2026 18:30:00 UTC

https://console.test/audit/alerts/12`);
});

test("a headline names what is new", () => {
  const words = (["refired", "changed", "rose", "repeated", "acknowledged", "test"] as const).map((kind) =>
    headline(messageOf({ kind })),
  );
  expect(words).toEqual([
    "Critical · Firing again: Idle in transaction",
    "Critical · Changed: Idle in transaction",
    "Critical · Graver: Idle in transaction",
    "Critical · Still firing: Idle in transaction",
    "Acknowledged: Idle in transaction",
    "Test: Idle in transaction",
  ]);
});
