import { Command, Option } from "commander";
import { type JobState, jobStates } from "../../../drizzle/console/schema/jobs.ts";
import { systemActor } from "../../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { jobs } from "../../job-handlers.ts";
import { getJob } from "../../work/get-job.ts";
import { readLog } from "../../work/get-job-log.ts";
import { getJobs } from "../../work/get-jobs.ts";
import { getSchedules } from "../../work/get-schedules.ts";
import { createJobCatalogue } from "../../work/job-catalogue.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { jobIdOf, progressText, targetText, writeJob } from "./job-text.ts";
import { watchCommand } from "./watch-job.ts";

interface ListOptions {
  state?: JobState[];
  name?: string;
  person?: string;
  limit: string;
  before?: string;
}

export function jobsCommand(): Command {
  const command = new Command("jobs").description("long work: what runs, waits and has ended");
  command
    .command("list")
    .description("jobs, newest first (--target: of that one alone)")
    .addOption(new Option("--state <state...>", "only those in these states").choices(jobStates))
    .option("--name <name>", "only of this kind, such as events.purge_idempotency")
    .option("--person <text>", "only those asked for by somebody with this in their name")
    .option("--limit <count>", "1 to 500", "20")
    .option("--before <id>", "only those older than this one: the last of the page before")
    .action(action<ListOptions>(list));
  command
    .command("show <id>")
    .description("one job: who, why, attempts, progress, result or error, and what it said last")
    .option("--lines <count>", "how many of its lines, 1 to 1,000", "20")
    .action(action<{ lines: string }>(show));
  command.addCommand(watchCommand());
  for (const [verb, description] of [
    ["cancel", "end a job that waits, or ask one that runs to end"],
    ["retry", "let a failed or cancelled job wait again; it goes on from its checkpoint"],
  ] as const)
    command
      .command(`${verb} <id>`)
      .description(description)
      .action(action((context, _options, [id = ""]) => change(context, verb, id)));
  command
    .command("schedules")
    .description("what begins by the clock: when, the last run and the next")
    .action(action(listSchedules));
  return command;
}

const catalogue = createJobCatalogue(jobs);
const reader = systemActor("command line");

async function list(context: CliContext, { state, name, person, limit, before }: ListOptions): Promise<void> {
  const { out, targetName } = context;
  context.atEnd(closeConsoleDb);
  const page = await getJobs(
    consoleDb(),
    reader,
    catalogue,
    {
      states: state,
      name,
      person,
      target: targetName && oneTarget(context).name,
      limit: wholeNumber(limit, "--limit", 500),
      ...(before !== undefined && { before: jobIdOf(before) }),
    },
    new Date(),
  );
  out.document(page.jobs);
  if (page.jobs.length === 0) return out.line("No jobs.");
  out.table(
    ["id", "job", "target", "state", "progress", "asked for by", "created", "ended"],
    page.jobs.map((job) => [
      job.id,
      job.name,
      targetText(job.target),
      job.state,
      progressText(job),
      oneLine(job.actor.name, 30),
      timeText(job.createdAt),
      timeText(job.finishedAt),
    ]),
  );
  if (page.next) out.line(`There are older ones. Go on with --before ${page.next}.`);
}

async function show(
  context: CliContext,
  { lines }: { lines: string },
  [given = ""]: string[],
): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const id = jobIdOf(given);
  const job = await getJob(consoleDb(), reader, catalogue, id, new Date());
  const log = await readLog(consoleDb(), id, { limit: wholeNumber(lines, "--lines", 1_000) });
  out.document({ ...job, log: log.lines });
  writeJob(out, job);
  for (const line of log.lines) out.line(`${timeText(line.at)}  ${line.level.padEnd(5)} ${line.message}`);
}

async function change(context: CliContext, verb: "cancel" | "retry", given: string): Promise<void> {
  const { out } = context;
  const id = jobIdOf(given);
  if (verb === "cancel") {
    const done = await runVerb(context, "cancelJob", { id });
    out.document(done);
    out.line(done.state === "cancelled" ? `${id} is cancelled.` : `${id} was asked to end.`);
  } else {
    const done = await runVerb(context, "retryJob", { id });
    out.document(done);
    out.line(`${id} waits again, from its ${done.from}.`);
  }
  if (verb === "retry") out.line(`See it with: audit-db jobs watch ${id}`);
}

async function listSchedules(context: CliContext): Promise<void> {
  const { out, targetName } = context;
  context.atEnd(closeConsoleDb);
  const found = (await getSchedules(consoleDb(), reader, catalogue, new Date())).filter(
    ({ target }) => targetName === undefined || target === oneTarget(context).name,
  );
  out.document(found);
  if (found.length === 0) return out.line("No schedules: a worker brings them when it starts.");
  out.table(
    ["schedule", "target", "when", "time zone", "next run", "last run", "outcome", "skipped"],
    found.map((one) => [
      one.name,
      targetText(one.target),
      one.words ?? one.cron,
      one.timeZone,
      one.enabled ? timeText(one.next[0] ?? null) : "paused",
      timeText(one.last?.createdAt ?? null),
      one.last?.state ?? "–",
      one.skipped,
    ]),
  );
}
