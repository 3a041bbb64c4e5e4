import { and, eq, inArray } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { CarriedState } from "../partition-plan/carried-state.ts";
import { outcomesOfRefusals } from "../partition-plan/outcomes-of-refusals.ts";
import type { PlanRequest } from "../partition-plan/request.ts";
import type { CarriedPlan, PlannedStep, StepOutcome } from "../partition-plan/types.ts";
import { type CarriedOut, carryOutJob } from "./carry-out-job.ts";

const { job, jobOnce } = schema;

/** A plan that a job carries out, or has carried out. */
export interface PartitionWork {
  id: string;
  /** Null for upkeep, which asks by its rule. */
  request: PlanRequest | null;
  /** The root of the tree; null before a worker has taken it. */
  table: CarriedPlan["table"] | null;
  /** Empty before a worker has taken it. */
  steps: PlannedStep[];
  /** Of what was not planned, and of the steps that have been begun; in no order. */
  outcomes: StepOutcome[];
  /** Whom the step in hand waits for just now, in words; null where it works, or nothing is in hand. */
  waits: { id: string; whom: string } | null;
}

/** Jobs that carry a plan out: people's, and upkeep's (lib/upkeep/keep-ahead-job.ts). */
export const workJobs = [carryOutJob.name, "partitions.upkeep"];

/** What upkeep's job keeps: its plan beside how far it is. */
interface Begun {
  plan: CarriedPlan;
  state: CarriedState | null;
}

/** What is being done, or waits for its turn. */
export interface OpenWork {
  id: string;
  /** Null for upkeep, which asks by its rule. */
  request: PlanRequest | null;
  /** What it is about, as records call it; null where they do not. */
  object: string | null;
  state: "waiting" | "running";
  actor: string;
  createdAt: Date;
}

/**
 * One plan as it is carried out: its steps from what the job keeps, their outcomes from its result or its checkpoint.
 * @throws AppError NOT_FOUND, also for a job of another target
 */
export async function getPartitionWork(
  { db }: ConsoleDb,
  target: string,
  id: string,
): Promise<PartitionWork> {
  const [row] = await db
    .select({
      input: job.input,
      state: job.state,
      checkpoint: job.checkpoint,
      result: job.result,
      plan: jobOnce.result,
    })
    .from(job)
    .leftJoin(jobOnce, and(eq(jobOnce.jobId, job.id), eq(jobOnce.key, "plan")))
    .where(and(eq(job.id, id), inArray(job.name, workJobs), eq(job.target, target)));
  if (!row) throw new AppError("NOT_FOUND", "There is no such work on partitions of this database.");
  const kept = row.checkpoint as Begun | CarriedState | null;
  const begun = kept && "plan" in kept ? kept : { plan: row.plan as CarriedPlan | null, state: kept };
  const { plan, state } = begun;
  const outcomes = (row.result as Partial<CarriedOut> | null)?.outcomes ?? [
    ...outcomesOfRefusals(plan?.refusals ?? []),
    ...Object.values(state?.outcomes ?? {}),
  ];
  return {
    id,
    request: requestOf(row.input),
    table: plan?.table ?? null,
    steps: plan?.steps ?? [],
    waits: row.state === "running" ? (state?.waits ?? null) : null,
    // JSON knows no dates.
    outcomes: outcomes.map((each) => ({ ...each, retryAt: each.retryAt && new Date(each.retryAt) })),
  };
}

const mostShown = 20;

/** Work on partitions of a target that has not ended, the oldest first. */
export async function getOpenWork({ db }: ConsoleDb, target: string): Promise<OpenWork[]> {
  const rows = await db
    .select({
      id: job.id,
      input: job.input,
      state: job.state,
      object: job.objectName,
      actor: job.actorName,
      createdAt: job.createdAt,
    })
    .from(job)
    .where(
      and(inArray(job.name, workJobs), eq(job.target, target), inArray(job.state, ["waiting", "running"])),
    )
    .orderBy(job.id)
    .limit(mostShown);
  return rows.map(({ input, state, ...row }) => ({
    ...row,
    request: requestOf(input),
    state: state === "running" ? "running" : "waiting",
  }));
}

const requestOf = (input: unknown) => (input as { request?: PlanRequest }).request ?? null;
