import type { AlertSeverity } from "../alerting/alert.ts";
import type { Matcher } from "../alerting/matcher.ts";
import type { SilenceState } from "../alerting/silence-state.ts";
import type { Occurrence, WindowTimes } from "../alerting/window-times.ts";

/** An alert that fires and that a silence or window means. */
export interface MeantAlert {
  incident: { id: string; number: number };
  target: string;
  check: string;
  severity: AlertSeverity;
  title: string;
}

/** What something keeps from being told now. */
export interface Hushing {
  alerts: number;
  incidents: number;
  /** The longest that fire, some at most. */
  list: readonly MeantAlert[];
}

export interface SilenceLine {
  id: string;
  /** `*`: every target. */
  target: string;
  matchers: readonly Matcher[];
  reason: string;
  /** Whether two administrators agreed that guarded checks are silenced as well. */
  guarded: boolean;
  state: SilenceState;
  startsAt: Date;
  /** Null while it lasts until its incident resolves. */
  endsAt: Date | null;
  /** The incident it was made for, where the reader may see it. */
  incident: { id: string; number: number } | null;
  by: string;
  createdAt: Date;
  /** Whoever ended it before its time; null: nobody. */
  endedBy: string | null;
  /** Empty unless it is active. */
  hushes: Hushing;
}

export interface Silences {
  silences: readonly SilenceLine[];
  /** Of all that the reader may see, also those that the list leaves out. */
  counts: Record<SilenceState, number>;
}

export interface SilencePreview {
  hushes: Hushing;
  /** Alerts that fire and match, but that guarded checks found: told all the same without a second administrator. */
  leftOut: Hushing;
  /** Titles of guarded checks that it could match. */
  guardedChecks: readonly string[];
  /** Of how many checks it could match an object, of how many there are. */
  checks: { reached: number; all: number };
  /** Whether it matches everything on every target, which a person confirms by typing. */
  everything: boolean;
}

export interface WindowLine {
  id: string;
  target: string;
  name: string;
  matchers: readonly Matcher[];
  when: WindowTimes;
  /** A recurring one's expression in words; null where it needs more than a short sentence. */
  words: string | null;
  enabled: boolean;
  revision: number;
  setBy: string;
  setAt: Date;
  /** Set while it is open. */
  open: Occurrence | null;
  /** The next that begin, five at most, also of one that is off. */
  next: readonly Occurrence[];
  /** Empty unless it is on and open. */
  hushes: Hushing;
}
