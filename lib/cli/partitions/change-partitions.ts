import { Command } from "commander";
import { partitionDoors } from "../../api/partitions/partition-doors.ts";
import { openTarget } from "../../audit-db/registry.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError, exitStatus } from "../../errors.ts";
import type { Took } from "../../partition-plan/estimates/took.ts";
import { makePlan } from "../../partition-plan/make-plan.ts";
import type { PlanVerb } from "../../partition-plan/request.ts";
import type { Plan } from "../../partition-plan/types.ts";
import type { CarriedOut } from "../../partitions/carry-out-job.ts";
import { readTook } from "../../partitions/read-took.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { ask } from "../input/ask.ts";
import { wholeNumber } from "../output/list-page.ts";
import { silent } from "../silent.ts";
import { runVerbJob } from "../verbs/run-verb-job.ts";
import { writeOutcomes, writePlan } from "./partition-plan-text.ts";
import { partitionRequests, type RequestOptions, requestTyped } from "./partition-requests.ts";

interface Options extends RequestOptions {
  dryRun?: boolean;
  yes?: boolean;
  lockTimeout: string;
  until?: string;
  reason?: string;
  wait?: boolean;
}

const verbs = Object.keys(partitionRequests) as PlanVerb[];

/** `audit-db partitions create …` and so on: show the plan, ask, and have a worker carry it out. */
export function changeCommands(): Command[] {
  return verbs.map((verb) =>
    commandOf(verb)
      .option("--dry-run", "show the plan and do nothing")
      .option("--yes", "do not ask")
      .option(
        "--until <time>",
        "try contended steps again, and let others wait, until then, ISO 8601 (default: for ten minutes)",
      )
      .option("--reason <text>", "why, for the record")
      .option("--no-wait", "only begin it, and print the job's id")
      .action(action<Options>((context, options, args) => change(context, verb, options, args))),
  );
}

/** `audit-db partitions plan create …` and so on: the same plans, and nothing else. */
export function planCommand(): Command {
  const command = new Command("plan").description(
    "show what a change of partitions would do, and do nothing",
  );
  for (const verb of verbs)
    command.addCommand(
      commandOf(verb).action(
        action<Options>((context, options, args) =>
          change(context, verb, { ...options, dryRun: true }, args),
        ),
      ),
    );
  return command;
}

function commandOf(verb: PlanVerb): Command {
  const { description, arguments: given, declare } = partitionRequests[verb];
  const command = new Command(verb).description(description);
  if (given !== undefined) command.argument(given);
  return declare(command).option(
    "--lock-timeout <ms>",
    "the longest that one attempt at a lock makes others wait",
    "200",
  );
}

async function change(
  context: CliContext,
  verb: PlanVerb,
  options: Options,
  args: string[],
): Promise<number> {
  const { out } = context;
  const request = requestTyped(verb, options, args);
  const lockTimeoutMs = wholeNumber(options.lockTimeout, "--lock-timeout", 5_000);
  const audit = openTarget(oneTarget(context), { logger: silent });
  const took = await recentTook(context, audit.target);
  const plan = await makePlan({ audit, now: new Date(), took }, request, lockTimeoutMs);
  if (!out.json || options.dryRun) writePlan(out, plan);
  if (options.dryRun) {
    out.document(plan);
    return plan.steps.length === 0 && plan.refusals.length > 0 ? exitStatus.CONFLICT : 0;
  }
  if (plan.steps.length === 0 && plan.refusals.length === 0) {
    out.document({ plan, outcomes: [] });
    out.line("There is nothing to do.");
    return 0;
  }
  if (!options.yes && plan.steps.length > 0 && plan.runsAs !== null) await approve(context, plan);
  const begun = runVerbJob(
    context,
    partitionDoors[verb],
    {
      target: audit.target,
      request: plan.request as never,
      digest: plan.digest,
      lockTimeoutMs,
      ...(options.until !== undefined && { until: options.until }),
      ...(options.reason !== undefined && { reason: options.reason }),
    },
    options,
  );
  // Of what is done in part each step is told.
  const result = await begun.catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.result !== undefined) return thrown.result;
    throw thrown;
  });
  if (result === undefined) return 0;
  const { outcomes } = result as CarriedOut;
  out.document({ plan, outcomes });
  writeOutcomes(out, outcomes);
  return outcomes.every(({ outcome }) => outcome === "done") ? 0 : exitStatus.CONFLICT;
}

/** For estimates; a plan is shown without a console as well. */
async function recentTook({ atEnd }: CliContext, target: string): Promise<Took[]> {
  try {
    atEnd(closeConsoleDb);
    return await readTook(consoleDb(), target);
  } catch {
    return [];
  }
}

/** @throws AppError BAD_INPUT where nobody says yes */
async function approve({ out }: CliContext, { title, request }: Plan): Promise<void> {
  if (out.json || !process.stdin.isTTY)
    throw new AppError("BAD_INPUT", "Nothing was changed: there is no terminal to approve this plan on.", {
      hint: "Read it with --dry-run first, then add --yes.",
    });
  const name =
    request.verb === "detach"
      ? request.partition.name
      : request.verb === "leave-partman"
        ? request.table.name
        : "yes";
  const typed = await ask(`\nType ${name} to have this carried out (${title}): `, { without: "Add --yes." });
  if (typed.trim() !== name) throw new AppError("BAD_INPUT", `Nothing was changed: that is not ${name}.`);
}
