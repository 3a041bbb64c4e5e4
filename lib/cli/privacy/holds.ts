import { Command, Option } from "commander";
import { AppError } from "../../errors.ts";
import type { HoldScope } from "../../holds/hold-scope.ts";
import { type HoldFilter, holdFilters } from "../../privacy/holds/get-holds.ts";
import { holdInput } from "../../privacy/holds/hold-inputs.ts";
import { holdsReads } from "../../privacy/holds/holds-reads.ts";
import type { Hold } from "../../privacy/types.ts";
import { counted } from "../../words.ts";
import { reading } from "../alerts/silences.ts";
import { action, type CliContext } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { personFromHelp, readPersonId } from "./read-person-id.ts";

interface ListOptions {
  state: HoldFilter;
  limit: string;
  before?: string;
}

interface PlaceOptions {
  name: string;
  reason: string;
  on?: string[];
  policy?: string[];
  organization?: string[];
  action?: string[];
  from?: string;
  to?: string;
  personFrom?: string;
}

export function holdsCommand(): Command {
  const command = new Command("holds").description(
    "legal holds: what must not be destroyed, why, and by whom",
  );
  command
    .command("list", { isDefault: true })
    .description("holds that stand, newest first")
    .addOption(new Option("--state <state>", "which").choices(holdFilters).default("standing"))
    .option("--limit <count>", "1 to 500", "100")
    .option("--before <number>", "only those with a smaller number: the last of the page before")
    .action(action<ListOptions>(list));
  command
    .command("show <hold>")
    .description("one hold by its number, with what it waits for")
    .action(
      action(async (context, _options, [hold = ""]) => {
        const { data } = await holdsReads.hold.run(reading(context), { hold: holdOf(hold) });
        context.out.document(data);
        tell(context, data);
      }),
    );
  command
    .command("place")
    .description("let nothing be destroyed that meets all that is said; without any, nothing at all")
    .requiredOption("--name <text>", "what it is called, such as the case")
    .requiredOption("--reason <text>", "why, in at least two words, such as the ticket")
    .option("--on <target...>", "events of these targets")
    .option("--policy <policy...>", "of these retention policies")
    .option("--organization <id...>", "of these organisations")
    .option("--action <action...>", "of these actions; * at the end is any ending")
    .option("--from <time>", "that occurred then or later: ISO 8601 with a zone")
    .option("--to <time>", "that occurred before")
    .option("--person-from <file>", personFromHelp)
    .action(action<PlaceOptions>(place));
  command
    .command("release <hold>")
    .description("end a hold that somebody else placed; what it alone kept back goes on by itself")
    .requiredOption("--reason <text>", "why, in at least two words")
    .option("--hold-version <count>", "as `show` says it; the present one unless given")
    .action(action<{ reason: string; holdVersion?: string }>(release));
  return command;
}

/** Characters of what people typed, in a line. */
const widest = 200;

/** @throws AppError BAD_INPUT */
function holdOf(text: string): number | string {
  const named = holdInput.safeParse(/^#?\d{1,15}$/.test(text) ? Number(text.replace("#", "")) : text);
  if (named.success) return named.data;
  throw new AppError("BAD_INPUT", `That ${named.error.issues[0]?.message}.`, {
    hint: "See `audit-db holds list`.",
  });
}

async function list(context: CliContext, { state, limit, before }: ListOptions): Promise<void> {
  const { out } = context;
  const most = wholeNumber(limit, "--limit", 500);
  const asked = {
    state,
    limit: most,
    ...(before !== undefined && { before: wholeNumber(before.replace("#", ""), "--before", 1e15) }),
  };
  const { data } = await holdsReads.holds.run(reading(context), asked);
  out.document(data);
  if (data.length === 0) return out.line("There is no such hold.");
  out.table(
    ["hold", "state", "name", "covers", "placed by", "placed", "released by"],
    data.map((hold) => [
      `#${hold.number}`,
      stateText(hold),
      oneLine(hold.name, widest),
      scopeText(hold),
      hold.placedBy,
      when(hold.placedAt),
      hold.releasedBy ?? "",
    ]),
  );
  if (data.length === most) out.line(`There may be older ones. Go on with --before ${data.at(-1)?.number}.`);
}

async function place(context: CliContext, options: PlaceOptions): Promise<void> {
  const { name, reason, on, policy, organization, action: actions, from, to, personFrom } = options;
  const scope: HoldScope = {
    ...(on && { targets: on }),
    ...(policy && { policies: policy }),
    ...(organization && { organizations: organization }),
    ...(actions && { actions }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const person = personFrom === undefined ? undefined : await readPersonId(personFrom);
  const input = { name, reason, scope, ...(person !== undefined && { person }) };
  const placed = await runVerb(context, "placeHold", input);
  context.out.document(placed);
  context.out.line(
    placed.state === "in_force"
      ? `Hold #${placed.number} is in force: nothing it covers is destroyed.`
      : `Hold #${placed.number} is placed, and waits for ${counted(placed.awaits.length, "destruction")} that began before: see \`audit-db holds show ${placed.number}\`.`,
  );
}

async function release(
  context: CliContext,
  { reason, holdVersion }: { reason: string; holdVersion?: string },
  [hold = ""]: string[],
): Promise<void> {
  const named = holdOf(hold);
  const version =
    holdVersion === undefined
      ? (await holdsReads.hold.run(reading(context), { hold: named })).data.version
      : wholeNumber(holdVersion, "--hold-version", 1e9);
  const released = await runVerb(context, "releaseHold", { hold: named, version, reason });
  context.out.document(released);
  context.out.line(`Released #${released.number}. What it alone kept back goes on by itself.`);
}

function tell({ out }: CliContext, hold: Hold): void {
  const lines: [string, string][] = [
    ["hold", `#${hold.number} ${oneLine(hold.name, widest)}`],
    ["state", stateText(hold)],
    ["covers", scopeText(hold)],
    ["why", oneLine(hold.reason, widest)],
    ["placed", `${when(hold.placedAt)} by ${hold.placedBy}`],
    ...(hold.inForceAt ? [["in force", when(hold.inForceAt)] as [string, string]] : []),
    ...(hold.releasedAt
      ? [
          [
            "released",
            `${when(hold.releasedAt)} by ${hold.releasedBy}: ${oneLine(hold.releaseReason ?? "", widest)}`,
          ] as [string, string],
        ]
      : []),
    ["version", String(hold.version)],
  ];
  out.table(["", ""], lines);
  for (const { id, action: name, target, intendedAt } of hold.awaits)
    out.line(`Waits for ${name} on ${target ?? "the console"}, begun ${when(intendedAt)} (${id}).`);
}

const when = (iso: string): string => timeText(new Date(iso));

const stateText = ({ state, awaits }: Hold): string =>
  state === "placing" ? `waits for ${awaits.length}` : state.replace("_", " ");

/** What a hold covers, in words. */
function scopeText({ scope, person }: Hold): string {
  const { targets, policies, organizations, actions, from, to } = scope;
  const parts = [
    person && "one person",
    targets && `on ${targets.join(", ")}`,
    policies && `policy ${policies.join(", ")}`,
    organizations && `organisation ${organizations.join(", ")}`,
    actions && `action ${actions.join(", ")}`,
    from && `from ${when(from)}`,
    to && `before ${when(to)}`,
  ].filter((part) => typeof part === "string");
  return parts.length === 0 ? "everything" : oneLine(parts.join(" · "), widest);
}
