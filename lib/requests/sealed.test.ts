import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { requestKeyOf } from "./sealed.ts";

const key = () => requestKeyOf("01a2239f-5503-71bb-bea9-cd8118c20407", Buffer.alloc(32, 7));
const secret = Buffer.from("mina@example.com");

test("what is sealed opens in its place alone, unchanged", () => {
  const sealing = key();
  const sealed = sealing.seal("person", secret);
  expect(sealed.includes(secret)).toBe(false);
  expect(key().open("person", sealed)).toEqual(secret);
  const changed = Buffer.from(sealed);
  changed[20] = (changed[20] ?? 0) ^ 1;
  for (const [place, bytes] of [
    ["letter", sealed],
    ["person", changed],
    ["person", sealed.subarray(0, 5)],
    ["person", Buffer.alloc(0)],
  ] as const) {
    expect(sealing.tryOpen(place, bytes)).toBeNull();
    // To be told of at once: it never opens again, however often it is tried.
    const refusal = expect.objectContaining({ code: "INTERNAL", retryable: false });
    expect(() => sealing.open(place, bytes)).toThrow(refusal);
    expect(() => sealing.open(place, bytes)).toThrow(AppError);
  }
});

test("a key that was forgotten does nothing more: it would seal for everybody to open", () => {
  const forgotten = key();
  const sealed = forgotten.seal("person", secret);
  forgotten.forget();
  expect(() => forgotten.seal("person", secret)).toThrow(/forgotten/);
  expect(() => forgotten.open("person", sealed)).toThrow(/forgotten/);
  expect(() => forgotten.tryOpen("person", sealed)).toThrow(/forgotten/);
  expect(() => forgotten.digest("mina-1")).toThrow(/forgotten/);
});
