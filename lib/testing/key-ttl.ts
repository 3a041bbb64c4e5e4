/** How long tests wait once a key is marked. */
export const testKeyTtlMs = 300;
