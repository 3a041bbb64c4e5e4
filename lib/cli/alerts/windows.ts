import { Command } from "commander";
import { matchersInWords } from "../../alerting/matcher.ts";
import { checks } from "../../checks.ts";
import { AppError } from "../../errors.ts";
import { silencesReads } from "../../silences/reads.ts";
import type { WindowLine } from "../../silences/types.ts";
import { counted } from "../../words.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { reading, type ScopeOptions, scoped, scopeTyped, targetAsked } from "./silences.ts";

interface SetOptions extends ScopeOptions {
  from?: string;
  to?: string;
  cron?: string;
  timeZone: string;
  minutes?: string;
  off?: boolean;
}

export function windowsCommand(): Command {
  const command = new Command("windows").description("maintenance windows: time in which work is expected");
  command
    .command("list", { isDefault: true })
    .description("windows of every target, or of --target: when, open now, the next five")
    .action(action(list));
  scoped(command.command("set <name>"))
    .description("set a window by its name, or another in place of it")
    .option("--from <time>", "once: it begins then, ISO 8601 with a zone")
    .option("--to <time>", "once: it ends then")
    .option("--cron <expression>", "again and again: minute, hour, day of month, month, day of week")
    .option("--time-zone <name>", "of --cron, such as Europe/Berlin", "UTC")
    .option("--minutes <count>", "with --cron: it lasts so long")
    .option("--off", "set it, but off")
    .action(action<SetOptions>(set));
  for (const [verb, enabled] of [
    ["enable", true],
    ["disable", false],
  ] as const)
    named(command.command(`${verb} <name>`))
      .description(enabled ? "turn a window on" : "turn a window off; it stays in the list")
      .action(
        action<ScopeOptions>(async (context, options, [name = ""]) => {
          const target = targetOf(context, options);
          context.out.document(await runVerb(context, "enableMaintenanceWindow", { target, name, enabled }));
          context.out.line(`“${name}” is ${enabled ? "on" : "off"}.`);
        }),
      );
  named(command.command("remove <name>"))
    .description("forget a window")
    .action(
      action<ScopeOptions>(async (context, options, [name = ""]) => {
        const target = targetOf(context, options);
        context.out.document(await runVerb(context, "removeMaintenanceWindow", { target, name }));
        context.out.line(`“${name}” is removed.`);
      }),
    );
  return command;
}

const named = (command: Command): Command => command.option("--all-targets", "it is one of every target");

const targetOf = (context: CliContext, { allTargets }: ScopeOptions): string =>
  allTargets ? "*" : oneTarget(context).name;

async function list(context: CliContext): Promise<void> {
  const { out } = context;
  const { data } = await silencesReads(checks).maintenanceWindows.run(reading(context), {
    target: targetAsked(context),
  });
  out.document(data);
  if (data.length === 0)
    return out.line("There is no maintenance window. Set one: audit-db windows set NAME");
  out.table(
    ["name", "target", "means", "when", "state", "next", "silences now", "set by"],
    data.map((one) => [
      one.name,
      one.target,
      matchersInWords(one.matchers),
      whenText(one),
      stateText(one),
      timeText(one.next[0]?.from ?? null),
      counted(one.hushes.alerts, "alert"),
      one.setBy,
    ]),
  );
}

function whenText({ when, words }: WindowLine): string {
  return "cron" in when
    ? `${words ?? when.cron} (${when.timeZone}) for ${when.minutes} min`
    : `${timeText(when.startsAt)} to ${timeText(when.endsAt)}`;
}

function stateText({ enabled, open, next }: WindowLine): string {
  if (!enabled) return "off";
  if (open) return `open until ${timeText(open.to)}`;
  return next.length > 0 ? "on" : "over";
}

async function set(context: CliContext, options: SetOptions, [name = ""]: string[]): Promise<void> {
  const { out } = context;
  const done = await runVerb(context, "setMaintenanceWindow", {
    ...scopeTyped(context, options),
    name,
    when: whenTyped(options),
    enabled: !options.off,
  });
  out.document(done);
  out.line(
    `“${name}” is set${options.off ? ", and off" : ""}. Guarded checks are told within it all the same.`,
  );
}

/** @throws AppError BAD_INPUT */
function whenTyped({ from, to, cron, timeZone, minutes }: SetOptions) {
  if (cron !== undefined && minutes !== undefined && from === undefined && to === undefined)
    return { cron, timeZone, minutes: wholeNumber(minutes, "--minutes", 10_080) };
  if (from !== undefined && to !== undefined && cron === undefined && minutes === undefined)
    return { startsAt: from, endsAt: to };
  throw new AppError("BAD_INPUT", "Say when: --from and --to, or --cron and --minutes.", {
    hint: `Such as --cron "30 2 * * 0" --time-zone Europe/Berlin --minutes 90`,
  });
}
