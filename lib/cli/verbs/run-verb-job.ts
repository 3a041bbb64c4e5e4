import type { Command } from "commander";
import { type AdminActionName, type AdminInput, findAction } from "../../admin.ts";
import type { CliContext } from "../command.ts";
import { waitForJob } from "../jobs/wait-for-job.ts";
import { runAction } from "./run-verb.ts";

export interface WaitOptions {
  /** False with `--no-wait`. */
  wait?: boolean;
}

/** For commands whose verb goes on as a job. */
export function withNoWait(command: Command): Command {
  return command.option("--no-wait", "only begin it, and print the job's id");
}

/**
 * Does a verb that goes on as a job, and waits for that unless told not to.
 * @returns the job's result; undefined when nobody waits: what there is to say has been said
 * @throws AppError what the verb or the job failed with
 */
export async function runVerbJob<N extends AdminActionName>(
  context: CliContext,
  name: N,
  input: AdminInput<N>,
  { wait = true }: WaitOptions,
): Promise<unknown> {
  const { jobId } = await runAction(context, findAction("cli", name), input);
  if (jobId === undefined) throw new Error(`${name} began no job`);
  if (wait) return waitForJob(context, jobId);
  context.out.document({ jobId });
  context.out.line(`Job ${jobId} is begun. See it with: audit-db jobs watch ${jobId}`);
  return undefined;
}
