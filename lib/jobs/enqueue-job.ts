import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Actor } from "../auth/actor.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Job } from "./define-job.ts";
import { notifyJob } from "./job-channel.ts";
import { sendEntry } from "./send-entry.ts";

/** A verb's context is one. */
export interface Enqueuing {
  tx: Tx;
  actor: Pick<Actor, "kind" | "id" | "name">;
  now: Date;
}

export interface EnqueueOptions {
  /** What it is about, for whoever reads the list. */
  object?: { type: string; id: string; name?: string };
  /** What a person typed. */
  reason?: string;
  /** Not before. */
  runAfter?: Date;
  /** Name of the schedule that began it. */
  schedule?: string;
  /** What the job's `once` is to find done, by key: too large for its input, which people read. JSON. */
  noted?: Record<string, unknown>;
}

/**
 * Puts a job into the queue in the caller's transaction: whoever rolls back has asked for nothing.
 * @throws ZodError when the input is not what the job takes
 */
export async function enqueueJob<Input extends z.ZodType, Result>(
  { tx, actor, now }: Enqueuing,
  job: Job<Input, Result>,
  rawInput: z.input<Input>,
  options: EnqueueOptions = {},
): Promise<{ id: string }> {
  const row = rowOf({ actor, now }, job, rawInput, options);
  await tx.insert(schema.job).values(row);
  for (const [key, result] of Object.entries(options.noted ?? {}))
    await tx.insert(schema.jobOnce).values({ jobId: row.id, key, attempt: 0, result });
  await sendEntry(tx, row, options.runAfter);
  await notifyJob(tx, row.id);
  return { id: row.id };
}

/** A job as it stands in its table when it is asked for. @throws ZodError */
export function rowOf<Input extends z.ZodType, Result>(
  { actor, now }: Omit<Enqueuing, "tx">,
  job: Job<Input, Result>,
  rawInput: z.input<Input>,
  { object, reason, runAfter, schedule }: EnqueueOptions,
) {
  const input = job.input.parse(rawInput);
  const id = uuidV7(now.getTime());
  const target = targetOf(job, input);
  return {
    id,
    entryId: randomUUID(),
    serialKey: serialKeyOf(job, target, id),
    name: job.name,
    target,
    objectType: object?.type ?? null,
    objectId: object?.id ?? null,
    objectName: object?.name ?? null,
    input,
    reason: reason ?? null,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    schedule: schedule ?? null,
    createdAt: now,
    runAfter: runAfter ?? now,
    ...(job.keepDays !== undefined && { keepDays: job.keepDays }),
  };
}

/** The target an input names, of a job that works on one. */
export function targetOf(job: Pick<Job, "name" | "target">, input: unknown): string | null {
  if (!job.target) return null;
  const target = (input as { target?: unknown } | null)?.target;
  if (typeof target !== "string") throw new Error(`the input of ${job.name} names no target`);
  return target;
}

function serialKeyOf(job: Pick<Job, "name" | "oneAtATime">, target: string | null, id: string): string {
  return job.oneAtATime === false ? id : `${job.name}:${target ?? ""}`;
}
