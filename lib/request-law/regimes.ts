/** Whose law sets the clock: the GDPR, the UK GDPR, California's CCPA. */
export const regimes = ["eu", "uk", "california"] as const;
export type Regime = (typeof regimes)[number];
