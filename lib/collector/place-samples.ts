import { type Amount, amountsOf, nothing, type RawSample } from "./amount.ts";

/**
 * Adds what consecutive raw samples tell of the slots in [from, until): a gauge to the slot it was read in, growth to
 * the slot it began in. A sample is taken in the first moments of its slot, so what it counts since the one before
 * happened in that one's slot: put into its own, every window was one interval late.
 * @param samples oldest first, and the first one at or after `until` with them, if there is one
 */
export function placeSamples(
  kinds: readonly ("gauge" | "counter")[],
  samples: readonly RawSample[],
  everySeconds: number,
  span: { from: number; until: number },
  add: (slot: number, amounts: readonly Amount[]) => void,
): void {
  const put = (slot: number, kind: "gauge" | "counter", amounts: readonly Amount[]) => {
    if (slot < span.from || slot >= span.until || !kinds.includes(kind)) return;
    add(
      slot,
      amounts.map((amount, index) => (kinds[index] === kind ? amount : nothing)),
    );
  };
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    const amounts = amountsOf(kinds, before, sample, everySeconds);
    if (before) put(before.slot, "counter", amounts);
    put(sample.slot, "gauge", amounts);
  });
}
