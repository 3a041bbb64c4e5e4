import { systemActor } from "../../auth/actor.ts";
import { instanceBoard } from "../../collector/sampling/instance-board.ts";
import { listInstances } from "../../collector/sampling/instances.ts";
import { consoleDb } from "../../db/console-db.ts";
import { AppError, type ErrorCode, errorCodes } from "../../errors.ts";
import { jobs } from "../../job-handlers.ts";
import { followJob } from "../../work/follow-job.ts";
import { createJobCatalogue } from "../../work/job-catalogue.ts";
import type { JobDetail } from "../../work/types.ts";
import type { CliContext } from "../command.ts";
import { createBar } from "./watch-job.ts";

const workerWithinMs = 10_000;

/**
 * Waits for a job that a command began, with a bar of its progress.
 * @returns its result
 * @throws AppError what it failed with, and with its result; CONFLICT when it was cancelled; UNAVAILABLE when no worker is there to run it
 */
export async function waitForJob(context: CliContext, id: string): Promise<unknown> {
  const stop = new AbortController();
  const alone = setTimeout(async () => {
    if (last?.state === "waiting" && !(await anyWorker())) stop.abort();
  }, workerWithinMs);
  const bar = createBar(context.out.json);
  let last: JobDetail | undefined;
  try {
    const news = followJob(consoleDb(), systemActor("command line"), createJobCatalogue(jobs), id, {
      signal: stop.signal,
    });
    for await (const one of news) {
      if ("job" in one) last = one.job;
      if (last?.state === "running") bar.show(last);
    }
  } finally {
    clearTimeout(alone);
    bar.hide();
  }
  if (!last?.finishedAt)
    throw new AppError("UNAVAILABLE", `No worker runs: job ${id} waits for one.`, {
      hint: `Start one (\`npm start\` does), then see it with \`audit-db jobs watch ${id}\`.`,
    });
  if (last.state === "done") return last.result;
  if (last.state !== "failed") throw new AppError("CONFLICT", `Job ${id} was ${last.state}.`);
  const { code, message, hint } = last.error ?? { code: "INTERNAL", message: `Job ${id} failed.` };
  throw new AppError(knownCode(code), message, {
    ...(hint && { hint }),
    ...(last.result !== null && { result: last.result }),
  });
}

const knownCode = (code: string): ErrorCode => errorCodes.find((known) => known === code) ?? "INTERNAL";

async function anyWorker(): Promise<boolean> {
  const instances = await listInstances(instanceBoard(consoleDb().sql));
  return instances.some(({ kind, silent }) => kind === "worker" && !silent);
}
