import { expect, test } from "vitest";
import type { CheckAnswer, CheckState } from "../check.ts";
import { judgedMs, judgeSlow, scannedMs, shownMs } from "./cadence.ts";
import { judgeChecksums } from "./check-checksums.ts";

test("a checksum failure is critical, and every other database is answered too", () => {
  const last = new Date();
  expect(judgeChecksums({ name: "audit", checksumFailures: 1, lastChecksumFailure: last })).toMatchObject({
    object: { kind: "database", name: "audit" },
    state: "critical",
    since: last,
    words: { title: "1 page of audit failed its checksum." },
  });
  expect(judgeChecksums({ name: null, checksumFailures: 0, lastChecksumFailure: null })).toMatchObject({
    state: "ok",
    value: 0,
    words: { title: "No page of the shared catalogues failed its checksum." },
  });
});

test.each([
  ["ok", [scannedMs]],
  ["unavailable", [scannedMs]],
  ["notice", [scannedMs, shownMs]],
  ["critical", [scannedMs, shownMs]],
] as const)(
  "what is %s by kept figures is asked with an age of %j at most",
  async (state: CheckState, ages) => {
    const asked: number[] = [];
    const answer = { objects: [{ state }], complete: true } as unknown as CheckAnswer;
    await judgeSlow(scannedMs, async (maxAgeMs) => {
      asked.push(maxAgeMs);
      return answer;
    });
    expect(asked).toEqual(ages);
    expect(judgedMs).toBeLessThan(scannedMs);
  },
);
