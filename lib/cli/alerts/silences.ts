import { Command, Option } from "commander";
import { findAction } from "../../admin.ts";
import { matchersInWords } from "../../alerting/matcher.ts";
import { parseMatchers } from "../../alerting/parse-matchers.ts";
import { type SilenceState, silenceStates } from "../../alerting/silence-state.ts";
import { systemActor } from "../../auth/actor.ts";
import { checks } from "../../checks.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { createReadContext } from "../../run-read.ts";
import { silencesReads } from "../../silences/reads.ts";
import { counted } from "../../words.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { awaitsWords } from "../verbs/act.ts";
import { runAction, runVerb } from "../verbs/run-verb.ts";

const reads = silencesReads(checks);

/** Which alerts are meant, as typed. */
export interface ScopeOptions {
  match?: string[];
  everything?: boolean;
  allTargets?: boolean;
}

interface CreateOptions extends ScopeOptions {
  reason: string;
  minutes?: string;
  until?: string;
  incident?: string;
  untilResolved?: boolean;
  guarded?: boolean;
}

export function silencesCommand(): Command {
  const command = new Command("silences").description("what nobody is told about, why, and until when");
  command
    .command("list", { isDefault: true })
    .description("silences of every target, or of --target: active, pending, then what ended last")
    .addOption(new Option("--state <state>", "only those").choices(silenceStates))
    .option("--limit <count>", "1 to 500", "100")
    .action(action<{ state?: SilenceState; limit: string }>(list));
  scoped(command.command("preview"))
    .description("what a silence would keep from being told now; nothing is made")
    .action(action<ScopeOptions>(preview));
  scoped(command.command("create"))
    .description("let nobody be told of what matches, until it ends")
    .requiredOption("--reason <text>", "why, in at least two words, such as the ticket")
    .option("--minutes <count>", "it ends so many minutes from now")
    .option("--until <time>", "it ends then: ISO 8601 with a zone")
    .option("--incident <id>", "the incident it is made for")
    .option("--until-resolved", "it ends when that incident resolves")
    .option("--guarded", "guarded checks as well: a second administrator must approve, a day at most")
    .action(action<CreateOptions>(create));
  command
    .command("end <id>")
    .description("end a silence before its time; what still fires is told")
    .option("--all-targets", "it is one of every target")
    .action(
      action<{ allTargets?: boolean }>(async (context, options, [id = ""]) => {
        const target = options.allTargets ? "*" : oneTarget(context).name;
        const done = await runVerb(context, "endSilence", { target, id });
        context.out.document(done);
        context.out.line("Ended. What still fires is told within a few seconds.");
      }),
    );
  return command;
}

/** Adds the options that say which alerts are meant. */
export function scoped(command: Command): Command {
  return command
    .option("--match <matchers...>", "such as check~replication.* severity=critical; all must hold")
    .option("--everything", "every alert, instead of --match")
    .option("--all-targets", "on every target instead of one");
}

/** @throws AppError BAD_INPUT unless it is said what is meant */
export function scopeTyped(context: CliContext, { match, everything, allTargets }: ScopeOptions) {
  if ((match === undefined) === !everything)
    throw new AppError("BAD_INPUT", "Say which alerts are meant: --match or --everything, one of them.", {
      hint: "Such as --match check~replication.* severity=warning",
    });
  if (allTargets && context.targetName !== undefined)
    throw new AppError("BAD_INPUT", "Say --target or --all-targets, not both.");
  return {
    target: allTargets ? "*" : oneTarget(context).name,
    matchers: (match ?? []).flatMap(parseMatchers),
  };
}

/** For reads by the command line itself. */
export function reading(context: CliContext) {
  context.atEnd(closeConsoleDb);
  consoleDb();
  return createReadContext(systemActor("command line"), { target: "" });
}

export const targetAsked = (context: CliContext): string | null =>
  context.targetName === undefined ? null : oneTarget(context).name;

async function list(
  context: CliContext,
  { state, limit }: { state?: SilenceState; limit: string },
): Promise<void> {
  const { out } = context;
  const asked = { target: targetAsked(context), state, limit: wholeNumber(limit, "--limit", 500) };
  const { data } = await reads.silences.run(reading(context), asked);
  out.document(data);
  if (data.silences.length === 0) return out.line("There is no such silence: everything that fires is told.");
  out.table(
    ["id", "state", "target", "means", "until", "silences now", "by", "reason"],
    data.silences.map((one) => [
      one.id,
      one.guarded ? `${one.state}, guarded` : one.state,
      one.target,
      matchersInWords(one.matchers),
      one.endsAt ? timeText(one.endsAt) : `#${one.incident?.number ?? "?"} resolves`,
      one.state === "active" ? counted(one.hushes.alerts, "alert") : "–",
      one.by,
      oneLine(one.reason, 60),
    ]),
  );
}

async function preview(context: CliContext, options: ScopeOptions): Promise<void> {
  const { out } = context;
  const { data } = await reads.silencePreview.run(reading(context), scopeTyped(context, options));
  out.document(data);
  const { hushes, leftOut, checks: reach } = data;
  out.line(
    `It means ${reach.reached} of ${counted(reach.all, "check")}. Of what fires now it would silence ${counted(hushes.alerts, "alert")} of ${counted(hushes.incidents, "incident")}.`,
  );
  for (const { incident, severity, title, target } of hushes.list)
    out.line(`  #${incident.number}  ${target}  ${severity}  ${title}`);
  if (leftOut.alerts > 0)
    out.line(`${counted(leftOut.alerts, "alert")} of guarded checks would be told all the same.`);
  if (data.guardedChecks.length > 0)
    out.line(`Never silenced without a second administrator: ${data.guardedChecks.join(", ")}.`);
}

async function create(context: CliContext, options: CreateOptions): Promise<void> {
  const { out } = context;
  const { reason, minutes, until, incident, untilResolved, guarded } = options;
  const input = {
    ...scopeTyped(context, options),
    reason,
    ...(minutes !== undefined && { minutes: wholeNumber(minutes, "--minutes", 129_600) }),
    ...(incident !== undefined && { incident }),
  };
  const said = guarded
    ? { name: "createGuardedSilence", input }
    : {
        name: "createSilence",
        input: { ...input, ...(until && { endsAt: until }), ...(untilResolved && { untilResolved: true }) },
      };
  if (guarded && (until || untilResolved))
    throw new AppError("BAD_INPUT", "--guarded takes --minutes: it begins when it is approved.");
  const { data, awaitsApproval } = await runAction(context, findAction("cli", said.name), said.input);
  out.document(data);
  if (awaitsApproval) return out.line(awaitsWords(data));
  const made = data as { id: string; endsAt: Date | null; alerts: number };
  const end = made.endsAt ? timeText(made.endsAt) : "its incident resolves";
  out.line(`Silenced until ${end}; of what fires now ${counted(made.alerts, "alert")}. Its id: ${made.id}`);
}
