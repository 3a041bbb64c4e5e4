import { type Command, Option } from "commander";
import { findAction } from "../../admin.ts";
import { redactableFields } from "../../audit-db/append/salts.ts";
import { AppError } from "../../errors.ts";
import { exceptionGrounds, restrictionGrounds } from "../../key-store/restrictions.ts";
import type { SubjectPolicy, SubjectView } from "../../privacy/types.ts";
import { counted } from "../../words.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { oneLine, timeText } from "../output/format.ts";
import { awaitsWords } from "../verbs/act.ts";
import { runAction, runVerb } from "../verbs/run-verb.ts";
import { personFromHelp, readPersonId } from "./read-person-id.ts";

interface PersonOptions {
  personFrom: string;
}
interface Reasoned {
  reason: string;
}

const why = "why, in at least two words, such as the ticket";

/** `privacy subject`, `erase`, `redact`, `restrict`, `allow` and `lift`. */
export function addSubjectCommands(command: Command): void {
  ofPerson(command.command("subject"))
    .description("a person's policies, floors, and the day each key may go; the look is on record")
    .action(action<PersonOptions>(tellSubject));
  ofPerson(command.command("erase"))
    .description("make a person's events of one policy of --target unreadable; a second person must agree")
    .requiredOption(
      "--policy <name>",
      "the retention policy; ? for what waits in quarantine under unknown ones",
    )
    .requiredOption("--reason <text>", why)
    .action(action<PersonOptions & Reasoned & { policy: string }>(erase));
  command
    .command("redact <event>")
    .description("take values out of an event (TIME_ID, as lists give it); a second person must agree")
    .addOption(new Option("--field <field...>", "which").choices(redactableFields).default([]))
    .addOption(
      new Option("--personal <who...>", "ciphertexts as well").choices(["actor", "target"]).default([]),
    )
    .requiredOption("--reason <text>", why)
    .action(action<Reasoned & { field: never[]; personal: never[] }>(redact));
  ofPerson(command.command("restrict"))
    .description("show a person's events at no door that reads them (Art. 18 GDPR); counts stay")
    .addOption(
      new Option("--ground <ground>", "of Art. 18(1)").choices(restrictionGrounds).makeOptionMandatory(),
    )
    .requiredOption("--reason <text>", why)
    .action(action<PersonOptions & Reasoned & { ground: never }>(restrict));
  ofPerson(command.command("allow"))
    .description("show a restricted person's events until a time, on a ground of Art. 18(2)")
    .addOption(
      new Option("--ground <ground>", "of Art. 18(2)").choices(exceptionGrounds).makeOptionMandatory(),
    )
    .requiredOption("--until <time>", "at most 90 days ahead: ISO 8601 with a zone")
    .requiredOption("--reason <text>", why)
    .action(action<PersonOptions & Reasoned & { ground: never; until: string }>(allow));
  ofPerson(command.command("lift"))
    .description(
      "end a restriction, of which the person is told before (Art. 18(3) GDPR); what it kept back goes on by itself",
    )
    .requiredOption("--reason <text>", why)
    .action(action<PersonOptions & Reasoned>(lift));
}

function ofPerson(command: Command): Command {
  return command.requiredOption("--person-from <file>", personFromHelp);
}

async function tellSubject(context: CliContext, { personFrom }: PersonOptions): Promise<void> {
  const { out } = context;
  const person = await readPersonId(personFrom);
  const view = (await runVerb(context, "viewSubject", { person })) as SubjectView;
  out.document(view);
  if (!view.found) return out.line("This console has no key of such a person.");
  out.table(
    ["target", "policy", "state", "events", "oldest", "newest", "floor", "may go", "holds"],
    view.policies.map((one) => [
      one.target,
      one.policy,
      one.state,
      one.events ?? "?",
      dayText(one.oldest),
      dayText(one.newest),
      one.floorDays === null ? "" : `${one.floorDays} days`,
      mayGo(one),
      one.holds.map(({ number }) => `#${number}`).join(" "),
    ]),
  );
  for (const { target, policy, problem } of view.policies)
    if (problem !== null) out.line(`${target} could not be asked about ${policy}: ${problem}`);
  const { restriction } = view;
  if (restriction)
    out.line(
      `Restricted since ${timeText(new Date(restriction.placedAt))} by ${restriction.placedBy} (${restriction.ground}): ${oneLine(restriction.reason, 200)}`,
    );
}

const dayText = (iso: string | null) => iso?.slice(0, 10) ?? "";

function mayGo({ dueAt, sharedKey, floorDays, events }: SubjectPolicy): string {
  if (events === null || (events > 0 && floorDays === null)) return "not known";
  if (dueAt === null || new Date(dueAt) <= new Date()) return "now";
  return `${dayText(dueAt)}${sharedKey ? " (shared key)" : ""}`;
}

async function erase(
  context: CliContext,
  { personFrom, policy, reason }: PersonOptions & Reasoned & { policy: string },
): Promise<void> {
  const { name: target } = oneTarget(context);
  const person = await readPersonId(personFrom);
  await tell(context, "erasePolicy", { person, target, policy, reason });
}

async function redact(
  context: CliContext,
  { field, personal, reason }: Reasoned & { field: never[]; personal: never[] },
  [event = ""]: string[],
): Promise<void> {
  const { name: target } = oneTarget(context);
  const [occurredAt, id] = event.split("_");
  if (!occurredAt || !id)
    throw new AppError("BAD_INPUT", `"${event}" is no event: say its time and id, joined by an underscore.`);
  await tell(context, "redactValues", {
    target,
    events: [{ occurredAt, id }],
    fields: field,
    personal,
    reason,
  });
}

async function tell(context: CliContext, name: string, input: unknown): Promise<void> {
  const { data, awaitsApproval } = await runAction(context, findAction("cli", name), input);
  context.out.document(data);
  context.out.line(awaitsApproval ? awaitsWords(data) : JSON.stringify(data));
}

async function restrict(
  context: CliContext,
  { personFrom, ground, reason }: PersonOptions & Reasoned & { ground: never },
): Promise<void> {
  const person = await readPersonId(personFrom);
  const done = await runVerb(context, "restrictSubject", { person, ground, reason });
  context.out.document(done);
  context.out.line(
    `Restricted: no door shows their events, and nothing of theirs is destroyed. ${entriesText(done)}`,
  );
}

async function allow(
  context: CliContext,
  { personFrom, ...given }: PersonOptions & Reasoned & { ground: never; until: string },
): Promise<void> {
  const person = await readPersonId(personFrom);
  const done = await runVerb(context, "allowRestricted", { person, ...given });
  context.out.document(done);
  context.out.line(`Their events are shown until ${timeText(new Date((done as { until: string }).until))}.`);
}

async function lift(context: CliContext, { personFrom, reason }: PersonOptions & Reasoned): Promise<void> {
  const person = await readPersonId(personFrom);
  const done = await runVerb(context, "liftRestriction", { person, reason });
  context.out.document(done);
  context.out.line(`Lifted: their events are shown again. ${entriesText(done)}`);
}

function entriesText(done: unknown): string {
  const { entries } = done as { entries: number[] };
  if (entries.length === 0) return "They have no key yet, so no ledger names them.";
  return `${counted(entries.length, "ledger entry", "ledger entries")}: ${entries.join(", ")}.`;
}
