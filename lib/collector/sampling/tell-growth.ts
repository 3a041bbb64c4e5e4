import { growth, wasReset } from "../growth.ts";
import type { ObjectSample, ObjectSampler } from "../types.ts";

/** What a sample says of one object. */
export interface Known {
  figures: (number | null)[];
  countsSince: number | null;
  /** What it last grew by in `rankBy`: the measure of what is lost when it goes. */
  grew: number;
}

export interface Grown {
  key: string;
  /** Its counters began anew since the sample before. */
  reset: boolean;
  /** Counters as growth, gauges as read. */
  figures: (number | null)[];
}

export interface Growth {
  objects: Grown[];
  current: Map<string, Known>;
  /** Seconds that the growth stands for; null where it cannot be told. */
  coveredSeconds: number | null;
  /** What share of the growth of these seconds is not in it, 0 to 1, at most. */
  lostShare: number;
}

interface Before {
  known: ReadonlyMap<string, Known>;
  at: number;
  viewSince: number | null;
}

/** The server's clock may be behind ours by so much. */
const clockGraceMs = 5_000;

/**
 * What objects grew by between two samples. Where it is known that an object's counters began anew in between
 * (`countsSince`, or `viewSince` for all of them), what they say is growth, and only what came before is lost; where
 * it is not known when, its growth is null and lost. Objects that went took with them at most what they grew by in
 * the interval before.
 */
export function tellGrowth(
  sampler: Pick<ObjectSampler, "metrics" | "rankBy" | "complete">,
  before: Before | undefined,
  at: number,
  samples: readonly ObjectSample[],
): Growth {
  const { metrics } = sampler;
  const rank = metrics.findIndex(({ name }) => name === sampler.rankBy);
  const counted = metrics[rank]?.kind === "counter";
  const viewSince = viewSinceOf(samples);
  const viewReset = before !== undefined && wasReset(before.viewSince, viewSince);
  const within = (since: number | null, graceMs = clockGraceMs) =>
    before !== undefined && since !== null && since >= before.at - graceMs;
  // What a whole sample did not have is new; of a part only what is younger for certain.
  const isNew = (since: number | null) =>
    sampler.complete ? since === null || within(since) : within(since, 0);
  const current = new Map<string, Known>();
  const objects: Grown[] = [];
  const begun: number[] = [];
  let [resets, total, lost] = [0, 0, 0];
  for (const sample of samples) {
    const since = sample.countsSince?.getTime() ?? null;
    const values = metrics.map(({ name }) => finiteOrNull(sample.values[name]));
    const previous = before?.known.get(sample.key);
    const reset = previous !== undefined && (viewReset || restarted(previous, values, since, metrics));
    if (reset) resets += 1;
    const beganAt = since ?? (viewReset ? viewSince : null);
    const whole = reset ? within(beganAt) : before !== undefined && previous === undefined && isNew(since);
    const figures = metrics.map(({ kind }, index) => {
      const value = values[index] ?? null;
      if (kind === "gauge" || whole) return value;
      return previous === undefined || reset ? null : growth(previous.figures[index], value);
    });
    const grew = counted ? (figures[rank] ?? 0) : 0;
    total += grew;
    if (reset && before) {
      if (whole && beganAt !== null) begun.push(beganAt);
      lost += (previous?.grew ?? 0) * (whole && beganAt !== null ? shareBefore(beganAt, before.at, at) : 1);
    }
    current.set(sample.key, { figures: values, countsSince: since, grew });
    objects.push({ key: sample.key, reset, figures });
  }
  if (!before) return { objects, current, coveredSeconds: null, lostShare: 0 };
  // When most began anew, somebody reset the view, or another server answers.
  const wholesale = viewReset || resets * 2 > Math.min(before.known.size, samples.length);
  if (!wholesale) {
    if (sampler.complete) for (const [key, { grew }] of before.known) if (!current.has(key)) lost += grew;
    const lostShare = lost > 0 ? lost / (total + lost) : 0;
    return { objects, current, coveredSeconds: (at - before.at) / 1_000, lostShare };
  }
  const beganAt =
    within(viewSince) && viewReset ? viewSince : begun.length === resets ? Math.min(...begun) : null;
  if (beganAt === null) {
    for (const object of objects)
      object.figures = object.figures.map((value, index) =>
        metrics[index]?.kind === "gauge" ? value : null,
      );
    return { objects, current, coveredSeconds: null, lostShare: 0 };
  }
  return {
    objects,
    current,
    coveredSeconds: Math.max(0, at - Math.max(beganAt, before.at)) / 1_000,
    lostShare: 0,
  };
}

export function viewSinceOf(samples: readonly ObjectSample[]): number | null {
  return samples[0]?.viewSince?.getTime() ?? null;
}

/** The part of the time between two samples that lies before a moment in it. */
function shareBefore(moment: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (moment - from) / (to - from)));
}

function restarted(
  before: Known,
  values: (number | null)[],
  countsSince: number | null,
  metrics: ObjectSampler["metrics"],
): boolean {
  if (wasReset(before.countsSince, countsSince)) return true;
  // One counter that fell means the entry began anew, even if others have already outgrown their old values.
  return metrics.some((metric, index) => {
    const old = before.figures[index] ?? null;
    const value = values[index] ?? null;
    return metric.kind === "counter" && old !== null && value !== null && value < old;
  });
}

function finiteOrNull(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
