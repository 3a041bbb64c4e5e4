import type { RangeValue } from "@/lib/client/url-state.ts";

/** Inputs of the page's reads, one for prefetching and panels, so that both mean the same answer. */
export const replicationInputs = {
  walRate: (range: RangeValue) => ({ series: ["wal.bytes"], range, points: 300 }),
};
