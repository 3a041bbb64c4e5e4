import { SingleBar } from "cli-progress";
import { Command } from "commander";
import { systemActor } from "../../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { exitStatus } from "../../errors.ts";
import { jobs } from "../../job-handlers.ts";
import { followJob } from "../../work/follow-job.ts";
import { createJobCatalogue } from "../../work/job-catalogue.ts";
import type { JobDetail } from "../../work/types.ts";
import { action, type CliContext } from "../command.ts";
import { timeText } from "../output/format.ts";
import { jobIdOf, progressText } from "./job-text.ts";

/** As a shell says that Ctrl-C ended something. */
const interrupted = 130;

/** `audit-db jobs watch`: a job's lines and progress until it ends; the exit status says how. */
export function watchCommand(): Command {
  return new Command("watch")
    .argument("<id>")
    .description("follow a job until it ends; status 0 done, 1 failed, 5 cancelled or skipped")
    .action(action((context, _options, [given = ""]) => watch(context, jobIdOf(given))));
}

async function watch(context: CliContext, id: string): Promise<number> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
  const bar = createBar(out.json);
  let last: JobDetail | undefined;
  try {
    const news = followJob(consoleDb(), systemActor("command line"), createJobCatalogue(jobs), id, {
      signal: stop.signal,
    });
    for await (const one of news) {
      out.record(one);
      if ("log" in one) {
        bar.hide();
        out.line(`${timeText(one.log.at)}  ${one.log.level.padEnd(5)} ${one.log.message}`);
      } else if ("job" in one) {
        if (one.job.state !== last?.state) {
          bar.hide();
          out.line(stateText(one.job));
        }
        last = one.job;
      } else process.stderr.write(`audit-db: ${one.away.message} Waiting for it to pass.\n`);
      if (last?.state === "running") bar.show(last);
    }
  } finally {
    bar.hide();
  }
  if (!last?.finishedAt) return interrupted;
  if (last.state === "done") return 0;
  return last.state === "failed" ? exitStatus.INTERNAL : exitStatus.CONFLICT;
}

function stateText(job: JobDetail): string {
  const { state, error, attempt } = job;
  const facts = {
    waiting: "waits for a worker",
    running: `runs, attempt ${attempt}`,
    done: `is done${job.progress ? `: ${progressText(job)}` : ""}`,
    failed: `failed: ${error?.message ?? "it said nothing"}${error?.hint ? ` ${error.hint}` : ""}`,
    cancelled: `was cancelled by ${job.cancelledBy ?? "somebody"}`,
    skipped: "was skipped: the run before it still went on",
  };
  return `${job.title} ${facts[state]}.`;
}

/** A bar on standard error, where that is a terminal; lines are written above it. */
export function createBar(json: boolean): { show(job: JobDetail): void; hide(): void } {
  if (json || !process.stderr.isTTY) return { show() {}, hide() {} };
  let bar: SingleBar | undefined;
  return {
    show(job) {
      const { progress } = job;
      if (!progress) return;
      if (!bar) {
        bar = new SingleBar({ format: "{bar} {words}", stream: process.stderr, clearOnComplete: true });
        bar.start(progress.total ?? progress.done, progress.done, { words: progressText(job) });
      }
      bar.setTotal(progress.total ?? progress.done);
      bar.update(progress.done, { words: progressText(job) });
    },
    hide() {
      bar?.stop();
      bar = undefined;
    },
  };
}
