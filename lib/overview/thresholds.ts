/** Blocks asked for below which a hit ratio says nothing. */
export const hitRatioMinBlocks = 10_000;
