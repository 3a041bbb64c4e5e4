import { expect, test } from "vitest";
import { type DatabaseIdentity, tellAnother } from "./identity.ts";

const known: DatabaseIdentity = {
  systemIdentifier: "7300000000000000001",
  timeline: 3,
  logOid: 16_400,
  partitions: "a",
  startedAt: new Date("2026-11-28T01:00:00Z"),
  inRecovery: false,
};

test.each([
  [{ systemIdentifier: "7300000000000000002" }, "another cluster"],
  [{ timeline: 4 }, "another timeline"],
  [{ logOid: 16_500 }, "another table"],
  [{ partitions: "b" }, "other partitions"],
  [{ startedAt: new Date("2026-11-28T02:00:00Z") }, "a server started anew"],
  [{}, null],
  // What a server does not say is compared with nothing, nor when a replica was started.
  [{ systemIdentifier: null, timeline: null, logOid: null, partitions: null }, null],
  [{ inRecovery: true, startedAt: new Date("2026-11-28T02:00:00Z") }, null],
] as const)("%o is %s", (change, told) => {
  expect(tellAnother(known, { ...known, ...change })).toBe(told);
});
