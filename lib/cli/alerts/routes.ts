import { Command, Option } from "commander";
import { type AlertSeverity, alertSeverities } from "../../alerting/alert.ts";
import { matchersInWords } from "../../alerting/matcher.ts";
import { parseMatchers } from "../../alerting/parse-matchers.ts";
import { parseLabels } from "../../channels/parse-labels.ts";
import { channelsReads } from "../../channels/reads.ts";
import { durationInWords } from "../../words.ts";
import { action, type CliContext } from "../command.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { findChannel, reading } from "./channels.ts";

interface SetOptions {
  id?: string;
  match?: string[];
  severity?: AlertSeverity[];
  to?: string[];
  nobody?: boolean;
  groupWait: string;
  groupInterval: string;
  repeat: string;
  goOn?: boolean;
}

export function routesCommand(): Command {
  const command = new Command("routes").description("which alerts go to which channels");
  command
    .command("list", { isDefault: true })
    .description("routes in the order in which they are asked; the default takes what no other took")
    .action(action(list));
  command
    .command("set <name>")
    .description("make a route in front of the default, or set one anew by --id")
    .option("--id <id>", "the route that is set anew; default for the last one")
    .option("--match <matchers...>", "such as check~replication.*; all must hold; left out: everything")
    .addOption(
      new Option("--severity <severity...>", "warning and critical unless given").choices(alertSeverities),
    )
    .option("--to <channel...>", "names or ids; left out: every channel that is enabled")
    .option("--nobody", "nobody is told of what it takes")
    .option("--group-wait <seconds>", "from firing to the first message", "30")
    .option("--group-interval <seconds>", "between messages about what joins it", "300")
    .option("--repeat <seconds>", "told again so often while nobody has it; none: told once", "14400")
    .option("--go-on", "ask the routes behind it as well")
    .action(action<SetOptions>(set));
  command
    .command("move <id>")
    .description("ask a route before another")
    .requiredOption("--before <id>", "that one; default puts it last")
    .action(
      action<{ before: string }>(async (context, { before }, [routeId = ""]) => {
        const { order } = await runVerb(context, "moveRoute", { routeId, before });
        context.out.document({ order });
        context.out.line("Moved.");
      }),
    );
  command
    .command("remove <id>")
    .description("remove a route; default goes back to what the console brings")
    .action(
      action(async (context, _options, [routeId = ""]) => {
        const done = await runVerb(context, "removeRoute", { routeId });
        context.out.document(done);
        context.out.line(`Route "${done.name}" is removed.`);
      }),
    );
  command
    .command("test [labels...]")
    .description("who would be told of an alert: by labels such as check=replication.lag target=audit")
    .addOption(
      new Option("--severity <severity>", "of that alert").choices(alertSeverities).default("critical"),
    )
    .option("--incident <id>", "an incident that is there, instead of labels")
    .action(action<{ severity: AlertSeverity; incident?: string }>(test));
  return command;
}

async function list(context: CliContext): Promise<void> {
  const { data } = await channelsReads.routes.run(reading(context), {});
  context.out.document(data);
  const nameOf = (id: string) => data.channels.find((channel) => channel.id === id)?.name ?? id;
  context.out.table(
    ["name", "takes", "severities", "tells", "paces", "then", "id"],
    data.routes.map((route) => [
      route.name,
      matchersInWords(route.matchers),
      route.severities.join(", ") || "none",
      route.channels === null ? "every channel" : route.channels.map(nameOf).join(", ") || "nobody",
      paceText(route),
      route.goOn ? "goes on" : "ends",
      route.id,
    ]),
  );
}

async function set(context: CliContext, options: SetOptions, [name = ""]: string[]): Promise<void> {
  const { id, match = [], severity, to, nobody, groupWait, groupInterval, repeat, goOn = false } = options;
  const channels = nobody ? [] : to && (await Promise.all(to.map((one) => findChannel(context, one))));
  const made = await runVerb(context, "setRoute", {
    name,
    ...(id && { routeId: id }),
    matchers: parseMatchers(match.join(" ")),
    ...(severity && { severities: severity }),
    channels: channels?.map((channel) => channel.id) ?? null,
    groupWaitSeconds: wholeNumber(groupWait, "--group-wait", 3_600, 0),
    groupIntervalSeconds: wholeNumber(groupInterval, "--group-interval", 86_400, 0),
    repeatSeconds: repeat === "none" ? null : wholeNumber(repeat, "--repeat", 604_800, 60),
    goOn,
  });
  context.out.document(made);
  context.out.line(
    `Route "${made.name}" (${made.id}) is set. Try it: audit-db routes test check=connections.used`,
  );
}

async function test(
  context: CliContext,
  { severity, incident }: { severity: AlertSeverity; incident?: string },
  labels: string[],
): Promise<void> {
  const asked = channelsReads.routePreview.input.parse(
    incident ? { incident } : { severity, labels: parseLabels(labels.join(" ")) },
  );
  const { data } = await channelsReads.routePreview.run(reading(context), asked);
  const { out } = context;
  out.document(data);
  if (data.alerts.length === 0) out.line("Nothing fires in this incident.");
  else if (data.taken.length === 0) out.line("No route takes it: nobody is told.");
  else if (data.tells.length === 0)
    out.line(
      `Nobody is told: ${data.taken.map((route) => `"${route.name}"`).join(", ")} leads to no channel.`,
    );
  else
    out.table(
      ["channel", "by route", "paces"],
      data.tells.map((told) => [
        told.channel.enabled ? told.channel.name : `${told.channel.name} (disabled)`,
        told.route.name,
        paceText(told),
      ]),
    );
}

function paceText(pace: {
  groupWaitSeconds: number;
  groupIntervalSeconds: number;
  repeatSeconds: number | null;
}) {
  const { groupWaitSeconds: wait, groupIntervalSeconds: interval, repeatSeconds: repeat } = pace;
  const again = repeat === null ? "told once" : `again each ${durationInWords(repeat)}`;
  return `after ${durationInWords(wait)}, changes each ${durationInWords(interval)}, ${again}`;
}
