import { expect, test } from "vitest";
import { packRequest, unpackRequest } from "./pack-request.ts";

test("a request comes back from the address as it was, whatever its names hold", () => {
  const create = { verb: "create", table: { schema: "public", name: "audit_log" }, ahead: 3 };
  expect(unpackRequest(packRequest(create))).toEqual(create);
  const maintain = {
    verb: "maintain",
    work: "vacuum",
    relations: [
      { schema: "public", name: "audit_log_2026_11" },
      { schema: "public", name: "audit_log_2026_12" },
      { schema: "a.b", name: 'say "hi"\n12.5' },
      { schema: "Übergröße", name: "😀_1" },
      { schema: "Übergröße", name: "😁_1" },
    ],
  };
  expect(unpackRequest(packRequest(maintain))).toEqual(maintain);
});

test("how long others may wait comes back with it", () => {
  const asked = { verb: "repair", partition: { schema: "public", name: "d" }, lockTimeoutMs: 1_500 };
  expect(unpackRequest(packRequest(asked))).toEqual(asked);
});

test("two hundred selected partitions fit an address", () => {
  const relations = Array.from({ length: 200 }, (_, at) => ({
    schema: "public",
    name: `audit_log_standard_2026_${String(at).padStart(3, "0")}`,
  }));
  const packed = packRequest({ verb: "maintain", relations });
  expect(encodeURIComponent(packed).length).toBeLessThan(4_000);
});

test.each([
  "",
  "{",
  "null",
  "[]",
  '"create"',
  '{"table":1}',
  '{"verb":"maintain","relations":["x"]}',
  '{"verb":"repair","lockTimeoutMs":9000}',
])("%j is no request", (text) => expect(unpackRequest(text)).toBeNull());
