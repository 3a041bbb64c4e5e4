import type { Health } from "./health.ts";

interface Mark {
  position: bigint;
  /** Epoch milliseconds of the first and the last time the primary was seen here. */
  since: number;
  until: number;
}

export interface Lag {
  bytes: number | null;
  /** Age of what it shows; at least so much where nothing was replayed since it started. */
  seconds: number | null;
  /** Epoch milliseconds: every write committed up to here is replayed; null when nothing is known. */
  freshAt: number | null;
}

export interface PrimaryMarks {
  note(position: bigint, at: number): void;
  /** How far a replica is behind, by its health as read at `at`. */
  lagOf(health: Health, at: number): Lag;
  clear(): void;
}

/** At one mark a second, a quarter of an hour of a busy primary; an idle one is a single mark. */
const maxMarks = 900;

/**
 * Where the primary stood and when, so that a replica's lag is an age that can be shown: the newest moment whose
 * position it has replayed. The time of the last replayed commit alone would grow while the primary is idle.
 */
export function createPrimaryMarks(recentMs: number): PrimaryMarks {
  const marks: Mark[] = [];
  return {
    note(position, at) {
      const last = marks.at(-1);
      if (last && last.position >= position) last.until = at;
      else marks.push({ position, since: at, until: at });
      if (marks.length > maxMarks) marks.shift();
    },
    lagOf(health, at) {
      const { position, received, receiving, replayAgeSeconds } = health;
      const newest = marks.at(-1);
      const ahead = newest && newest.position > position ? newest.position - position : 0n;
      const unreplayed = received !== null && received > position ? received - position : 0n;
      const bytes = newest || received !== null ? Number(ahead > unreplayed ? ahead : unreplayed) : null;
      const seen = newest !== undefined && at - newest.until <= recentMs;
      // Replayed is received: nothing is missing, but only while something could still be received.
      const complete = bytes === 0 && (seen || (receiving && received !== null));
      if (complete) return { bytes, seconds: 0, freshAt: seen ? newest.until : at };
      const moments = [marks.findLast((mark) => mark.position <= position)?.until].filter(
        (moment) => moment !== undefined,
      );
      if (replayAgeSeconds !== null) moments.push(at - replayAgeSeconds * 1_000);
      if (moments.length === 0) {
        // It has told no commit's time yet: what the primary was seen to have beyond it is at least this old.
        const beyond = marks.find((mark) => mark.position > position);
        return { bytes, seconds: beyond ? (at - beyond.since) / 1_000 : null, freshAt: null };
      }
      const freshAt = Math.min(at, Math.max(...moments));
      return { bytes, seconds: (at - freshAt) / 1_000, freshAt };
    },
    clear() {
      marks.length = 0;
    },
  };
}
