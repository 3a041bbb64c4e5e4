/** Share of blocks found in shared_buffers below which the tile warns. */
export const hitRatioLimits = { warning: 0.98, critical: 0.9 };
/** Blocks asked for below which a hit ratio says nothing. */
export const hitRatioMinBlocks = 10_000;
/** Shares of the usable connections. */
export const connectionShareLimits = { warning: 0.75, critical: 0.9 };
