import type { StepProgress, StepState } from "@/components/partition-plan/step-states.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import { quoteQualified } from "@/lib/quote-sql.ts";

/** A partition that is not there yet. */
export interface StripGhost {
  key: string;
  /** What it is to be called, as `qualify` writes it. */
  name: string;
  /** The branch it is to come into, as `qualify` writes it. */
  lane: string;
  fromMs: number;
  toMs: number;
  state: StepState;
}

/** What the strip shows of a plan: partitions to come, and those that are worked on. */
export interface StripWork {
  ghosts: readonly StripGhost[];
  /** By name, as `qualify` writes it. */
  busy: ReadonlyMap<string, StepState>;
}

interface Relation {
  schema: string;
  name: string;
}

interface StepParams {
  parent?: Relation;
  child?: Relation;
  /** What is maintained. */
  table?: Relation;
  /** The default partition whose rows move. */
  default?: Relation;
  bounds?: unknown;
}

/** What the strip shows of a plan that is open, or of the one that is carried out. */
export function workOf(
  plan: Pick<Plan, "steps">,
  progress: ReadonlyMap<string, StepProgress> | null,
): StripWork {
  const ghosts: StripGhost[] = [];
  const busy = new Map<string, StepState>();
  for (const { id, step } of plan.steps) {
    const state = progress?.get(id)?.state ?? "pending";
    const { parent, child, bounds, table, default: fallback } = (step.params ?? {}) as StepParams;
    const ends = typeof bounds === "string" ? timesOf(bounds) : null;
    if (parent && child && ends)
      ghosts.push({
        key: id,
        name: quoteQualified(child.schema, child.name),
        lane: quoteQualified(parent.schema, parent.name),
        ...ends,
        state,
      });
    const existing = fallback ?? table ?? (ends ? undefined : child);
    if (existing && progress && state !== "done")
      busy.set(quoteQualified(existing.schema, existing.name), state);
  }
  return { ghosts, busy };
}

const moment = String.raw`'(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.\d+)?([+-]\d\d(?::?\d\d)?)?)?'`;
const range = new RegExp(String.raw`FROM \(${moment}\) TO \(${moment}\)`);

/** The two ends of bounds that are times; null for others, which have no place on the axis before they are there. */
export function timesOf(bounds: string): { fromMs: number; toMs: number } | null {
  const found = range.exec(bounds);
  if (!found) return null;
  const at = (day: string | undefined, clock = "00:00:00", zone = "+00") =>
    Date.parse(`${day}T${clock}${/:/.test(zone) ? zone : `${zone.slice(0, 3)}:${zone.slice(3) || "00"}`}`);
  const ends = { fromMs: at(found[1], found[2], found[3]), toMs: at(found[4], found[5], found[6]) };
  return Number.isNaN(ends.fromMs) || Number.isNaN(ends.toMs) ? null : ends;
}
