import type { AuditDb } from "../../audit-db/types.ts";
import type { StepPlan } from "../define-step.ts";
import type { PlannedStep } from "../types.ts";
import { probeReading, type ReadingRate } from "./probe-reading.ts";
import { type Effort, type Estimate, estimateFromRuns, type Took } from "./took.ts";

type Told = Pick<StepPlan, "estimate" | "assumed" | "reads" | "moves" | "scans"> & { kind: string };
export type Estimated = Pick<PlannedStep, "estimatedSeconds" | "estimateFrom" | "effort">;

/**
 * What each step takes, and where that is known from: runs of its kind on this server; what the step itself knows; reading
 * as fast as 8 MB were read just now. Unknown stays unknown.
 * @param sizes bytes of what they read
 * @param took what such steps took here, of late
 * @param runsAs who may read the tables; null: nobody tries how fast they are read
 */
export async function estimateSteps(
  audit: Pick<AuditDb, "can" | "use">,
  steps: readonly Told[],
  {
    sizes,
    took,
    runsAs,
  }: { sizes: ReadonlyMap<string, number>; took: readonly Took[]; runsAs: string | null },
): Promise<Estimated[]> {
  const efforts = steps.map((step) => effortOf(step, sizes));
  const known = steps.map((step, i) => {
    // What the step knows is of this very table.
    return step.estimate ?? estimateFromRuns(took, step.kind, efforts[i] as Effort);
  });
  const rate = await rateFor(
    audit,
    runsAs,
    steps.filter((_, i) => !known[i]),
    sizes,
  );
  return steps.map((step, i) => {
    const effort = efforts[i] as Effort;
    const estimate = known[i] ?? (rate && fromReading(step, effort, rate)) ?? step.assumed;
    return {
      effort,
      estimatedSeconds: estimate?.seconds ?? null,
      estimateFrom: estimate?.from ?? null,
    };
  });
}

/** What a step reads, as often as it does. */
export const readsOf = ({ reads, scans }: Pick<Told, "reads" | "scans">): string[] =>
  reads?.of ?? (scans ? [scans.relation] : []);

function effortOf(step: Told, sizes: ReadonlyMap<string, number>): Effort {
  if (step.moves) return { unit: "rows", amount: step.moves.rows };
  const read = readsOf(step);
  if (read.length === 0) return { unit: "steps", amount: 1 };
  const bytes = read.map((relation) => sizes.get(relation));
  const all = bytes.every((size) => size !== undefined);
  return { unit: "bytes", amount: all ? bytes.reduce((sum, size) => sum + size, 0) : null };
}

/** One try for a whole plan: of the largest table that is read. */
async function rateFor(
  audit: Pick<AuditDb, "can" | "use">,
  runsAs: string | null,
  steps: readonly Told[],
  sizes: ReadonlyMap<string, number>,
): Promise<ReadingRate | null> {
  const tables = steps.flatMap((step) => (step.reads?.inOrder ? (readsOf(step)[0] ?? []) : []));
  const [largest] = tables.toSorted((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  if (largest === undefined || runsAs === null) return null;
  return probeReading(audit, largest, runsAs);
}

function fromReading({ reads }: Told, { unit, amount }: Effort, rate: ReadingRate): Estimate | null {
  if (!reads?.inOrder || unit !== "bytes" || amount === null) return null;
  const more = reads.inOrder === "and more" ? "; sorting and writing come on top" : "";
  return {
    seconds: amount / rate.bytesPerSecond,
    from: `from reading ${sizeWords(rate.bytes)} of ${rate.relation} just now${more}`,
  };
}

const sizeWords = (bytes: number) =>
  bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.ceil(bytes / 1_024)} kB`;

/** Of a whole plan. Null as soon as one is unknown: a part of it is no estimate of the whole. */
export function estimateOfAll(steps: readonly Pick<PlannedStep, "estimatedSeconds" | "estimateFrom">[]): {
  estimatedSeconds: number | null;
  estimateFrom: string | null;
} {
  const unknown = steps.filter(({ estimatedSeconds }) => estimatedSeconds === null).length;
  if (unknown > 0)
    return {
      estimatedSeconds: null,
      estimateFrom:
        steps.length === 1
          ? "nothing like it was measured here yet"
          : `nothing like ${unknown} of its ${steps.length} steps was measured here yet`,
    };
  const long = steps.filter(({ estimatedSeconds }) => estimatedSeconds !== 0);
  const from = new Set((long.length > 0 ? long : steps).flatMap(({ estimateFrom }) => estimateFrom ?? []));
  return {
    estimatedSeconds: steps.reduce((sum, { estimatedSeconds }) => sum + (estimatedSeconds ?? 0), 0),
    estimateFrom: [...from].join("; ") || null,
  };
}
