import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Durations, DurationWindows } from "./types.ts";

/** Ten minutes; longer ones are counted as that. Two digits: a histogram then takes about 20 kB, for good. */
const range = { lowest: 1, highest: 600_000_000, figures: 2 };

/** A window is a ring of slots; the oldest is emptied when its turn comes again. */
const windows = {
  minute: { slotMs: 10_000, slots: 6 },
  fiveMinutes: { slotMs: 60_000, slots: 5 },
  hour: { slotMs: 300_000, slots: 12 },
} as const;

interface Slot {
  turn: number;
  histogram: RecordableHistogram;
}

export interface DurationRecorder {
  record(ms: number): void;
  /** Percentiles of what was recorded in the last minute, five minutes and hour; null where nothing was. */
  read(): DurationWindows;
}

/**
 * Durations in fixed memory: each goes into one slot of each ring, and reading adds the slots that are still of the
 * window. A window is up to one slot shorter than its name, never longer. `now` in epoch milliseconds.
 */
export function createDurationRecorder(now: () => number = Date.now): DurationRecorder {
  const rings = Object.fromEntries(
    Object.entries(windows).map(([name, { slots }]) => [
      name,
      Array.from({ length: slots }, (): Slot => ({ turn: -1, histogram: createHistogram(range) })),
    ]),
  ) as Record<keyof typeof windows, Slot[]>;

  return {
    record(ms) {
      const micros = Math.min(range.highest, Math.max(range.lowest, Math.round(ms * 1_000)));
      for (const name of names) {
        const { slotMs, slots } = windows[name];
        const turn = Math.floor(now() / slotMs);
        const slot = rings[name][turn % slots] as Slot;
        if (slot.turn !== turn) {
          slot.histogram.reset();
          slot.turn = turn;
        }
        slot.histogram.record(micros);
      }
    },
    read() {
      const read = (name: keyof typeof windows): Durations | null => {
        const { slotMs, slots } = windows[name];
        const oldest = Math.floor(now() / slotMs) - slots + 1;
        const all = createHistogram(range);
        for (const { turn, histogram } of rings[name]) if (turn >= oldest) all.add(histogram);
        if (all.count === 0) return null;
        const at = (percentile: number) => all.percentile(percentile) / 1_000;
        return { count: all.count, p50: at(50), p95: at(95), p99: at(99), max: all.max / 1_000 };
      };
      return { minute: read("minute"), fiveMinutes: read("fiveMinutes"), hour: read("hour") };
    },
  };
}

const names = Object.keys(windows) as (keyof typeof windows)[];
