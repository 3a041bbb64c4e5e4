/** When a figure of this topic needs somebody. Seconds are of waiting or doing, shares 0–1. */
export const connectionThresholds = {
  /** Client connections ÷ those an ordinary role can use. */
  used: { warning: 0.75, critical: 0.9 },
  idleInTransactionSeconds: { warning: 300, critical: 900 },
  longQuerySeconds: { warning: 1_800, critical: 3_600 },
  /** How long the longest waits for a root blocker. */
  blockerWaitSeconds: { warning: 300, critical: 600 },
  /** This many waiting for one root need somebody sooner, once they have waited this long. */
  blockedSessions: { count: 3, waitSeconds: 30 },
  /** How long the first client of one of PgBouncer's pools has waited for a server connection. */
  poolerWaitSeconds: { warning: 5, critical: 30 },
};
