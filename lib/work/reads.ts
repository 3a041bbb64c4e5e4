import { z } from "zod";
import { jobStates } from "../../drizzle/console/schema/jobs.ts";
import { targetInput, textInput, trimmedInput } from "../inputs.ts";
import { defineRead } from "../read.ts";
import { getDuties } from "./get-duties.ts";
import { getJob } from "./get-job.ts";
import { getJobLog } from "./get-job-log.ts";
import { getJobs } from "./get-jobs.ts";
import { getSchedules } from "./get-schedules.ts";
import { createJobCatalogue, type JobKind } from "./job-catalogue.ts";

const jobId = z.uuid("is not a job's id");
const place = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * Reads of what the console works on; the target plays no part. A token that is limited to targets sees what concerns
 * these.
 * @param kinds every kind of job this version has
 */
export function workReads(kinds: readonly JobKind[]) {
  const catalogue = createJobCatalogue(kinds);
  return {
    jobs: defineRead({
      role: "viewer",
      input: z.strictObject({
        states: z.array(z.enum(jobStates)).max(jobStates.length).optional(),
        name: textInput(100).optional(),
        target: targetInput.optional(),
        withConsole: z.boolean().optional(),
        schedule: textInput(100).optional(),
        person: trimmedInput(200).optional(),
        before: jobId.optional(),
        limit: z.number().int().min(1).max(500).default(50),
      }),
      run: async ({ limitedConsole, actor, now }, filter) => ({
        data: await getJobs(limitedConsole, actor, catalogue, filter, now),
        observedAt: now,
        source: "console: job",
      }),
    }),
    job: defineRead({
      role: "viewer",
      input: z.strictObject({ id: jobId }),
      run: async ({ limitedConsole, actor, now }, { id }) => ({
        data: await getJob(limitedConsole, actor, catalogue, id, now),
        observedAt: now,
        source: "console: job, job_attempt",
      }),
    }),
    jobLog: defineRead({
      role: "viewer",
      input: z
        .strictObject({
          id: jobId,
          after: place.optional(),
          before: place.optional(),
          limit: z.number().int().min(1).max(1_000).default(200),
        })
        .refine(({ after, before }) => after === undefined || before === undefined, "either after or before"),
      run: async ({ limitedConsole, actor, now }, { id, ...at }) => ({
        data: await getJobLog(limitedConsole, actor, id, at),
        observedAt: now,
        source: "console: job_log",
      }),
    }),
    schedules: defineRead({
      role: "viewer",
      input: z.strictObject({}),
      run: async ({ limitedConsole, actor, now }) => ({
        data: await getSchedules(limitedConsole, actor, catalogue, now),
        observedAt: now,
        source: "console: schedule",
      }),
    }),
    duties: defineRead({
      role: "viewer",
      input: z.strictObject({}),
      run: async ({ limitedConsole, actor, now }) => ({
        data: await getDuties(limitedConsole, actor),
        observedAt: now,
        source: "console: history.leader, history.heartbeat",
      }),
    }),
  };
}
