import type { StepProgress, StepState } from "@/components/partition-plan/step-states.ts";
import type { Plan } from "@/lib/partition-plan/types.ts";
import { quoteQualified } from "@/lib/quote-sql.ts";
import { endsOf, type StripGhost } from "./strip-ghosts.ts";

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
    const ends = typeof bounds === "string" ? endsOf(bounds) : null;
    if (parent && child && ends)
      ghosts.push({
        key: id,
        name: quoteQualified(child.schema, child.name),
        lane: quoteQualified(parent.schema, parent.name),
        ends,
        state,
      });
    const existing = fallback ?? table ?? (ends ? undefined : child);
    if (existing && progress && state !== "done")
      busy.set(quoteQualified(existing.schema, existing.name), state);
  }
  return { ghosts, busy };
}
