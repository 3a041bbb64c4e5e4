import type { Regime } from "./regimes.ts";

/** When the clock stood, and why. */
export interface ClockInterval {
  kind: "identity" | "clarification" | "fee";
  beganAt: Date;
  /** Null: it still stands. */
  endedAt: Date | null;
}

/** What a clock is read from. */
export interface ClockFacts {
  regime: Regime;
  receivedAt: Date;
  /** IANA, of the controller. */
  timeZone: string;
  /** ISO 3166-1 of the controller, and the part of the country where holidays differ. */
  country: string;
  region: string | null;
  intervals: readonly ClockInterval[];
  /** When the person was told of the extension; null: there is none. */
  extendedAt: Date | null;
}

export interface Clock {
  /** The last day on which the answer is in time, `YYYY-MM-DD` of the controller; null while it stands. */
  dueOn: string | null;
  /** The moment that day ends. */
  dueAt: Date | null;
  /** Why it stands, if it does. */
  standing: ClockInterval["kind"] | null;
  /** Days that intervals have added so far. */
  stoodDays: number;
  /** The last day on which an extension may be told; null where there is none any more. */
  extendBy: string | null;
  /** The last day on which receipt must be acknowledged, where the law asks for that. */
  acknowledgeBy: string | null;
}
