/** Lag of a standby that deserves a person's attention. */
export const lagBytesLimits = { warning: 100_000_000, critical: 1_000_000_000 };
export const lagSecondsLimits = { warning: 30, critical: 300 };
/** WAL that a slot keeps from being removed. */
export const retainedBytesLimit = 1_000_000_000;
/** How long archiving may fail before it is critical. */
export const archivingFailsSeconds = 900;
