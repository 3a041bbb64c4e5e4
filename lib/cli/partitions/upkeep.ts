import { Command, Option } from "commander";
import { openTarget } from "../../audit-db/registry.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { intervalUnits } from "../../partition-plan/request.ts";
import { nameRelation } from "../../quote-sql.ts";
import { getUpkeep } from "../../upkeep/get-upkeep.ts";
import { previewUpkeep } from "../../upkeep/preview-upkeep.ts";
import { requireRule } from "../../upkeep-rules/read-rules.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { silent } from "../silent.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { runVerbJob, withNoWait } from "../verbs/run-verb-job.ts";
import { cutTyped } from "./cut-typed.ts";
import { relationNamed } from "./partition-requests.ts";

interface SetOptions {
  table: string;
  ahead: string;
  cron: string;
  timeZone: string;
  window?: string;
  interval?: (typeof intervalUnits)[number];
  count?: string;
  cutZone?: string;
  naming?: string;
  tablespace?: string;
  lockTimeout: string;
  approve?: boolean;
}

const tableHelp = "the table, as psql's \\d names it: schema.table";

/** `audit-db partitions upkeep …` */
export function upkeepCommand(): Command {
  const command = new Command("upkeep").description("what keeps tables ahead of the clock");
  command.command("list").description("each rule with its last run and its next").action(action(list));
  command
    .command("preview")
    .description("the next five runs of a table's rule, and what each would make")
    .requiredOption("--table <name>", tableHelp)
    .action(action<{ table: string }>(preview));
  command
    .command("set")
    .description("propose a table's rule, or another in place of the one it has; --approve turns it on")
    .requiredOption("--table <name>", tableHelp)
    .option("--ahead <count>", "intervals after the one that holds now", "3")
    .option("--cron <expression>", "when: minute, hour, day of month, month, day of week", "17 3 * * *")
    .option("--time-zone <name>", "of --cron and --window, such as Europe/Berlin", "UTC")
    .option("--window <from-to>", "in which it may work, such as 02:00-04:30; always when left out")
    .addOption(
      new Option("--interval <unit>", "how wide partitions are; learned when left out").choices([
        ...intervalUnits,
      ]),
    )
    .option("--count <number>", "with --interval: so many of the unit")
    .option("--cut-zone <name>", "bounds lie at midnight there; learned when left out")
    .option("--naming <pattern>", "how partitions are named; learned when left out")
    .option("--tablespace <name>", "where they are stored")
    .option("--lock-timeout <ms>", "the longest that one attempt at a lock makes others wait", "200")
    .option("--approve", "turn it on, as the person who is signed in")
    .action(action<SetOptions>(set));
  const changes = [
    ["approve", "turn a proposed rule on, as the person who is signed in"],
    ["pause", "begin no run by the clock until it is resumed"],
    ["resume", "begin runs by the clock again"],
    ["remove", "forget the rule; nobody makes the next partitions"],
  ] as const;
  for (const [verb, description] of changes)
    command
      .command(verb)
      .description(description)
      .requiredOption("--table <name>", tableHelp)
      .action(action<{ table: string }>((context, options) => change(context, verb, options.table)));
  withNoWait(command.command("run"))
    .description("do now what an approved rule does by the clock")
    .requiredOption("--table <name>", tableHelp)
    .action(action<{ table: string; wait?: boolean }>(run));
  return command;
}

async function list(context: CliContext): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const rules = await getUpkeep(consoleDb(), oneTarget(context).name, new Date());
  out.document(rules);
  if (rules.length === 0)
    return out.line("No table is kept. Propose it: audit-db partitions upkeep set --table NAME");
  out.table(
    ["table", "when", "time zone", "ahead", "state", "next run", "last run", "outcome"],
    rules.map((rule) => [
      nameRelation(rule.table),
      rule.words ?? rule.cron,
      rule.timeZone,
      rule.ahead,
      rule.state === "proposed" ? "proposed" : rule.on ? "on" : "paused",
      timeText(rule.nextRun),
      timeText(rule.last?.at ?? null),
      rule.last?.outcome ?? "–",
    ]),
  );
}

async function preview(context: CliContext, { table }: { table: string }): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const target = oneTarget(context);
  const rule = await requireRule(consoleDb().db, target.name, relationNamed("--table", table));
  const found = await previewUpkeep(openTarget(target, { logger: silent }), rule, new Date());
  out.document(found);
  for (const { at, makes, refusals } of found.runs) {
    out.line(`${timeText(at)}  ${makes.length === 0 ? "nothing to do" : makes.join("; ")}`);
    for (const { object, words } of refusals) out.line(`  ${object}: ${words}`);
  }
  for (const note of found.notes) out.line(note);
}

async function set(context: CliContext, options: SetOptions): Promise<void> {
  const { out } = context;
  const { interval, count, cutZone, naming } = options;
  const of = { target: oneTarget(context).name, table: relationNamed("--table", options.table) };
  const done = await runVerb(context, "setUpkeep", {
    ...of,
    ahead: wholeNumber(options.ahead, "--ahead", 1_000),
    cron: options.cron,
    timeZone: options.timeZone,
    lockTimeoutMs: wholeNumber(options.lockTimeout, "--lock-timeout", 5_000),
    ...(options.window !== undefined && { window: windowTyped(options.window) }),
    ...cutTyped({ interval, count, naming, timeZone: cutZone }),
    ...(options.tablespace !== undefined && { tablespace: options.tablespace }),
  });
  if (options.approve) await runVerb(context, "approveUpkeep", { ...of, revision: done.revision });
  const state = options.approve ? "approved" : "proposed";
  out.document({ ...done, state });
  out.line(
    options.approve
      ? `The upkeep of ${nameRelation(of.table)} is on.`
      : `Proposed, and off until a person approves it: audit-db partitions upkeep approve --table ${options.table}`,
  );
}

async function change(
  context: CliContext,
  verb: "approve" | "pause" | "resume" | "remove",
  table: string,
): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const of = { target: oneTarget(context).name, table: relationNamed("--table", table) };
  const name = nameRelation(of.table);
  if (verb === "approve") {
    const { revision } = await requireRule(consoleDb().db, of.target, of.table);
    out.document(await runVerb(context, "approveUpkeep", { ...of, revision }));
    return out.line(`The upkeep of ${name} is on.`);
  }
  const actions = { pause: "pauseUpkeep", resume: "resumeUpkeep", remove: "removeUpkeep" } as const;
  out.document(await runVerb(context, actions[verb], of));
  const words = { pause: "is paused", resume: "is on again", remove: "is removed" };
  out.line(`The upkeep of ${name} ${words[verb]}.`);
}

async function run(context: CliContext, options: { table: string; wait?: boolean }): Promise<void> {
  const { out } = context;
  const of = { target: oneTarget(context).name, table: relationNamed("--table", options.table) };
  const result = await runVerbJob(context, "runUpkeep", of, options);
  if (result === undefined) return;
  out.document(result);
  out.line((result as { words?: string }).words ?? "Done.");
}

function windowTyped(text: string): { from: string; to: string } {
  const [from, to, more] = text.split("-");
  if (from && to && more === undefined) return { from: from.trim(), to: to.trim() };
  throw new AppError("BAD_INPUT", `--window: ${text} is no window.`, { hint: "Write it as 02:00-04:30." });
}
