import { expect, test } from "vitest";
import { auditLocks } from "../audit-db/locks.ts";
import { consoleLocks } from "./locks.ts";

test("every lock has a number of its own, in order, and the two databases share none", () => {
  const [ofConsole, ofAudit] = [consoleLocks, auditLocks].map((locks): number[] => Object.values(locks));
  for (const numbers of [ofConsole, ofAudit]) expect(numbers).toEqual(numbers?.toSorted((a, b) => a - b));
  const all = [...(ofConsole ?? []), ...(ofAudit ?? [])];
  expect(new Set(all).size).toBe(all.length);
});
