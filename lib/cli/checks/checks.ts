import { Command, Option } from "commander";
import { type AdminInput, findAction } from "../../admin.ts";
import { systemActor } from "../../auth/actor.ts";
import type { Check, CheckState } from "../../check.ts";
import { needsSecond } from "../../check-board/assert-guarded.ts";
import { findCheck } from "../../check-board/get-check.ts";
import { checkBoardReads } from "../../check-board/reads.ts";
import { statesByRank } from "../../check-board/worst-state.ts";
import { checks } from "../../checks.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { limitExample, parseLimit } from "../../limit-text.ts";
import { createReadContext } from "../../run-read.ts";
import { durationInWords } from "../../words.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { type PageOptions, pageHelp, pageOf } from "../output/list-page.ts";
import { awaitsWords } from "../verbs/act.ts";
import { runAction, runVerb } from "../verbs/run-verb.ts";
import { exportThresholds, importThresholds } from "./checks-file.ts";
import { limitsText, printCheck, printChecks } from "./checks-output.ts";
import { testCheck } from "./checks-test.ts";

interface ScopeOptions {
  allTargets?: boolean;
  object?: string;
}

export function checksCommand(): Command {
  const command = new Command("checks").description("conditions the console judges, as last evaluated");
  command
    .command("list", { isDefault: true })
    .description("every check on every target, or those of --target: state, figure, limits")
    .addOption(new Option("--state <state>", "only those that stand so").choices(statesByRank))
    .option("--topic <topic>", "only those of this topic, e.g. connections")
    .action(
      action<{ state?: CheckState; topic?: string }>(async (context, { state, topic }) => {
        const target = context.targetName === undefined ? null : oneTarget(context).name;
        const { data, observedAt } = await checkBoardReads.checks.run(reading(context), {
          target,
          state,
          topic,
        });
        context.out.document({ ...data, observedAt });
        printChecks(context.out, data);
      }),
    );
  command
    .command("show <id>")
    .description("one check on one target: what to do, what it needs, its limits and every object")
    .option("--limit <count>", `objects at most, ${pageHelp.limit}`, "100")
    .option("--offset <count>", pageHelp.offset, "0")
    .action(
      action<PageOptions>(async (context, typed, [id = ""]) => {
        const asked = {
          check: id,
          target: oneTarget(context).name,
          ...pageOf(typed),
        };
        const { data, observedAt } = await checkBoardReads.check.run(reading(context), asked);
        context.out.document({ ...data, observedAt });
        printCheck(context.out, data, asked.offset);
      }),
    );
  scoped(command.command("set-threshold <id>").alias("set"))
    .description(
      "sets from which figure on a check warns and is critical, and how patient it is, for a target or all",
    )
    .option("--warning <limit>", 'as "5 min", "80 %", "1 GB" or a number in the check\'s unit; or none')
    .option("--critical <limit>", "the same; what is worse than warning, or none")
    .option("--for <time>", 'how long it must be bad before it is an alert, as "5 min"; or own')
    .option("--keep-firing-for <time>", "how long it must be fine before the alert is over; or own")
    .action(
      action<SetOptions>(async (context, options, [id = ""]) => {
        const check = findCheck(checks, id);
        const input = {
          ...scopeOf(context, id, options),
          ...limitsOf(check, options),
          unit: check.thresholds ? check.unit : null,
          ...(options.for !== undefined && { for: patienceOf("--for", options.for) }),
          ...(options.keepFiringFor !== undefined && {
            keepFiringFor: patienceOf("--keep-firing-for", options.keepFiringFor),
          }),
        };
        if (needsSecond(check, input)) return askSecond(context, input);
        const told = await runVerb(context, "setThreshold", input);
        context.out.document(told);
        context.out.line(
          `${id} (${scopeText(told)}): ${limitsText(id, told.after)}; before: ${limitsText(id, told.before)}. It holds from the next evaluation on.`,
        );
        if (told.for !== null || told.keepFiringFor !== null)
          context.out.line(
            `It alerts after ${secondsText(told.for)} and is over after ${secondsText(told.keepFiringFor)}.`,
          );
      }),
    );
  scoped(command.command("reset-threshold <id>"))
    .description("forgets the limits somebody set there: the wider ones apply again")
    .action(
      action<ScopeOptions>(async (context, options, [id = ""]) => {
        findCheck(checks, id);
        const told = await runVerb(context, "resetThreshold", scopeOf(context, id, options));
        context.out.document(told);
        context.out.line(
          `${id} (${scopeText(told)}): ${limitsText(id, told.after)} again; before: ${limitsText(id, told.before)}.`,
        );
      }),
    );
  testCheck(command.command("test <id>"));
  exportThresholds(command.command("export"));
  importThresholds(command.command("import <file>"));
  return command;
}

function scoped(command: Command): Command {
  return command
    .option("--all-targets", "for every target instead of one")
    .option("--object <key>", "for one object alone, by the key that `checks show --json` gives it");
}

function reading(context: CliContext) {
  context.atEnd(closeConsoleDb);
  return createReadContext(systemActor("command line"), { target: "" });
}

function scopeOf(context: CliContext, check: string, { allTargets, object }: ScopeOptions) {
  if (allTargets && context.targetName !== undefined)
    throw new AppError("BAD_INPUT", "Say --target or --all-targets, not both.");
  return { check, target: allTargets ? "*" : oneTarget(context).name, ...(object && { object }) };
}

interface SetOptions extends ScopeOptions {
  warning?: string;
  critical?: string;
  for?: string;
  keepFiringFor?: string;
}

/** @throws AppError BAD_INPUT */
function limitsOf({ id, thresholds, unit }: Check, { warning, critical }: SetOptions) {
  if (!thresholds && warning === undefined && critical === undefined)
    return { warning: null, critical: null };
  if (warning === undefined || critical === undefined)
    throw new AppError("BAD_INPUT", `Say --warning and --critical, each a limit or none; ${id} has both.`);
  return { warning: limitOf("--warning", warning, unit), critical: limitOf("--critical", critical, unit) };
}

/** @throws AppError BAD_INPUT */
function patienceOf(option: string, text: string): number | null {
  return text === "own" ? null : limitOf(option, text === "none" ? "0" : text, "seconds");
}

const secondsText = (seconds: number | null) =>
  seconds === null ? "the check's own time" : durationInWords(seconds);

/** @throws AppError BAD_INPUT */
function limitOf(option: string, text: string, unit: string | null): number | null {
  if (text === "none") return null;
  const limit = parseLimit(text, unit);
  if (limit === null) throw new AppError("BAD_INPUT", `${option}: write ${limitExample(unit)}, or none.`);
  return limit;
}

/** Of a guarded check, beyond its own limits: nothing is set until a second administrator has approved it. */
async function askSecond(context: CliContext, threshold: AdminInput<"setThreshold">): Promise<void> {
  const input = { target: threshold.target, thresholds: [threshold] };
  const { data } = await runAction(context, findAction("cli", "setGuardedThresholds"), input);
  context.out.document(data);
  context.out.line(awaitsWords(data));
}

function scopeText({ target, object }: { target: string; object: string }): string {
  const where = target === "*" ? "every target" : target;
  return object === "*" ? where : `${where}, ${object}`;
}
