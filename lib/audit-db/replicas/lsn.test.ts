import fc from "fast-check";
import { expect, test } from "vitest";
import { endOfWritten, formatLsn, parseLsn } from "./lsn.ts";

test("a position reads as the server writes it, and sorts as a number", () => {
  expect(parseLsn("16/B374D848")).toBe(0x16_b374_d848n);
  expect(formatLsn(0x16_b374_d848n)).toBe("16/B374D848");
  expect(parseLsn("0/FFFFFFFF") < parseLsn("1/0")).toBe(true);
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (position) => parseLsn(formatLsn(position)) === position),
  );
});

test.each(["", "1", "1/", "/1", "1/123456789", "g/0", "1/0; select"])("%j is no position", (text) => {
  expect(() => parseLsn(text)).toThrow(RangeError);
});

test("an insert position right behind a page's header ends at the page's start", () => {
  expect(endOfWritten(0x2_0018n)).toBe(0x2_0000n);
  expect(endOfWritten(0x100_0028n)).toBe(0x100_0000n);
  expect(endOfWritten(0x2_0020n)).toBe(0x2_0020n);
});
