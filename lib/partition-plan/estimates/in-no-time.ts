import type { Estimate } from "./took.ts";

/** Of what reads and writes no rows: milliseconds, once it has its locks. */
export const inNoTime: Estimate = { seconds: 0, from: "the catalogue alone changes" };
