import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeProbe, unknownFitness } from "./hysteresis.ts";

const limits = { drainAfter: 2, backAfter: 3 };
const after = (probes: readonly boolean[]) =>
  probes.reduce((fitness, good) => judgeProbe(fitness, good, limits), unknownFitness);

test("the first probe decides alone, then two bad ones drain and three good ones bring back", () => {
  expect(after([true]).fit).toBe(true);
  expect(after([false]).fit).toBe(false);
  expect(after([true, false]).fit).toBe(true);
  expect(after([true, false, true, false]).fit).toBe(true);
  expect(after([true, false, false]).fit).toBe(false);
  expect(after([true, false, false, true, true]).fit).toBe(false);
  expect(after([true, false, false, true, true, false, true, true]).fit).toBe(false);
  expect(after([true, false, false, true, true, true]).fit).toBe(true);
});

test("it never changes its mind more often than the probes allow", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (probes) => {
      let fitness = judgeProbe(unknownFitness, probes[0] as boolean, limits);
      let run = 1;
      probes.slice(1).forEach((good, i) => {
        run = good === probes[i] ? run + 1 : 1;
        const next = judgeProbe(fitness, good, limits);
        if (next.fit !== fitness.fit) {
          expect(next.fit).toBe(good);
          expect(run).toBeGreaterThanOrEqual(good ? limits.backAfter : limits.drainAfter);
        }
        fitness = next;
      });
    }),
  );
});
