import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import { systemActor } from "../../auth/actor.ts";
import { type DeliveryLine, type DeliveryState, deliveryStates } from "../../channels/get-deliveries.ts";
import { abilities } from "../../channels/kinds.ts";
import { channelsReads } from "../../channels/reads.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { createReadContext } from "../../run-read.ts";
import { action, type CliContext } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";
import { runVerb } from "../verbs/run-verb.ts";

/** A worker sends within seconds; its own time for an attempt is 15 s. */
const testWithinMs = 40_000;

export function channelsCommand(): Command {
  const command = new Command("channels").description("where people are told of alerts, and how that goes");
  command
    .command("list", { isDefault: true })
    .description("every channel, without its secret: where it leads, what waits, what it answered")
    .action(action(list));
  command
    .command("set <file>")
    .description("make a channel, or change one that the file names by channelId; - reads standard input")
    .action(
      action(async (context, _options, [file = ""]) => {
        const made = await runVerb(context, "setChannel", readJson(file) as never);
        context.out.document(made);
        context.out.line(
          `Channel "${made.name}" (${made.id}) is set. Try it: audit-db channels test ${quoted(made.name)}`,
        );
        if (made.key) {
          context.out.line(`\n  ${made.key}\n`);
          context.out.line("This key signs what is sent to it. It is shown this once.");
        }
      }),
    );
  command
    .command("test <channel>")
    .description("send a test by its name or id, wait for the answer and show it")
    .action(action(test));
  for (const [name, enabled] of [
    ["enable", true],
    ["disable", false],
  ] as const)
    command
      .command(`${name} <channel>`)
      .description(enabled ? "let a channel be told again" : "let nobody be told by a channel")
      .action(
        action(async (context, _options, [which = ""]) => {
          const { id } = await findChannel(context, which);
          const done = await runVerb(context, "enableChannel", { channelId: id, enabled });
          context.out.document(done);
          context.out.line(`Channel "${done.name}" is ${enabled ? "enabled" : "disabled"}.`);
        }),
      );
  command
    .command("remove <channel>")
    .description("remove a channel with its secret and the log of its deliveries")
    .action(
      action(async (context, _options, [which = ""]) => {
        const { id } = await findChannel(context, which);
        const done = await runVerb(context, "removeChannel", { channelId: id });
        context.out.document(done);
        context.out.line(`Channel "${done.name}" is removed.`);
      }),
    );
  command
    .command("deliveries")
    .description("what was sent, newest first, and what was answered")
    .option("--channel <channel>", "only that one's, by name or id")
    .addOption(new Option("--state <state>", "only those").choices(deliveryStates))
    .option("--limit <count>", "1 to 500", "50")
    .action(action<{ channel?: string; state?: DeliveryState; limit: string }>(deliveries));
  return command;
}

export function reading(context: CliContext) {
  context.atEnd(closeConsoleDb);
  return createReadContext(systemActor("command line"), { target: "" });
}

async function list(context: CliContext): Promise<void> {
  const { out } = context;
  const { data } = await channelsReads.channels.run(reading(context), {});
  out.document(data);
  if (data.channels.length === 0)
    out.line("No channel: nobody is told of alerts. Make one with `audit-db channels set FILE`.");
  else
    out.table(
      ["name", "kind", "leads to", "state", "last taken", "waiting", "id"],
      data.channels.map((one) => [
        one.name,
        abilities[one.kind].title,
        one.host ?? (one.kind === "email" ? "SMTP_URL" : "secret"),
        one.enabled
          ? one.failing
            ? `failing: ${oneLine(one.failing.error, 60)}`
            : "enabled"
          : (one.disabledBecause ?? "disabled"),
        timeText(one.deliveredAt),
        one.waiting,
        one.id,
      ]),
    );
}

/** @throws AppError NOT_FOUND */
export async function findChannel(context: CliContext, which: string): Promise<{ id: string; name: string }> {
  const { data } = await channelsReads.channels.run(reading(context), {});
  const found = data.channels.find(({ id, name }) => id === which || name === which);
  if (found) return found;
  throw new AppError("NOT_FOUND", `There is no channel "${which}".`, {
    hint: "See `audit-db channels list`.",
  });
}

async function test(context: CliContext, _options: unknown, [which = ""]: string[]): Promise<number> {
  const { id } = await findChannel(context, which);
  const { deliveryId, name } = await runVerb(context, "testChannel", { channelId: id });
  const line = await settled(context, deliveryId);
  context.out.document(line);
  const taken = line.state === "delivered";
  context.out.line(`${name} ${taken ? "took it" : "did not take it"}: ${line.answer ?? "no answer"}`);
  return taken ? 0 : 1;
}

async function settled(context: CliContext, id: string): Promise<DeliveryLine> {
  const until = Date.now() + testWithinMs;
  while (Date.now() < until) {
    const { data } = await channelsReads.deliveries.run(reading(context), { id, limit: 1 });
    if (data[0] && data[0].state !== "pending") return data[0];
    await sleep(300);
  }
  throw new AppError("TIMEOUT", "Nobody has sent it yet.", {
    hint: "Does a worker run? See `audit-db duties`. The answer will stand in `audit-db channels deliveries`.",
  });
}

async function deliveries(
  context: CliContext,
  { channel, state, limit }: { channel?: string; state?: DeliveryState; limit: string },
): Promise<void> {
  const asked = channelsReads.deliveries.input.parse({
    ...(channel && { channel: (await findChannel(context, channel)).id }),
    ...(state && { state }),
    limit,
  });
  const { data } = await channelsReads.deliveries.run(reading(context), asked);
  context.out.document(data);
  context.out.table(
    ["made", "channel", "what", "state", "attempts", "answer"],
    data.map((one) => [
      timeText(one.createdAt),
      one.channel.name,
      `${one.incident ? `#${one.incident.number} ` : ""}${oneLine(one.headline, 60)}`,
      one.state,
      one.attempts,
      oneLine(one.answer ?? "", 80),
    ]),
  );
}

/** @throws AppError BAD_INPUT */
function readJson(file: string): unknown {
  const what = file === "-" ? "Standard input" : file;
  try {
    return JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8"));
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new AppError("BAD_INPUT", code ? `${what} cannot be read (${code}).` : `${what} is no JSON.`);
  }
}

const quoted = (text: string) => (/^[\w.-]+$/.test(text) ? text : JSON.stringify(text));
