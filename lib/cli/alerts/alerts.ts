import { Command, Option } from "commander";
import { eq } from "drizzle-orm";
import { type AlertSeverity, alertSeverities } from "../../alerting/alert.ts";
import { type IncidentState, incidentStates } from "../../alerting/incident.ts";
import { readHushes } from "../../alerting/read-hushes.ts";
import { getIncident } from "../../alerts/get-incident.ts";
import { getIncidents, incidentOrders } from "../../alerts/get-incidents.ts";
import type { Changed } from "../../alerts/inputs.ts";
import type { IncidentPage } from "../../alerts/types.ts";
import { checks } from "../../checks.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { momentAhead, momentHelp } from "../input/moment-ahead.ts";
import { type PageOptions, pageHelp, pageOf, tellPage } from "../output/list-page.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { writeIncident, writeIncidents } from "./alert-text.ts";

interface ListOptions extends PageOptions {
  state?: IncidentState[];
  severity?: AlertSeverity[];
  check?: string;
  find?: string;
  order: (typeof incidentOrders)[number];
}

export function alertsCommand(): Command {
  const command = new Command("alerts").description("incidents: what is wrong, since when, and who has it");
  command
    .command("list", { isDefault: true })
    .description("incidents that are not closed, the worst first (--target: of that one alone)")
    .addOption(new Option("--state <state...>", "only those in these states").choices(incidentStates))
    .addOption(new Option("--severity <severity...>", "only those so grave").choices(alertSeverities))
    .option("--check <id>", "only of this check, e.g. connections.used")
    .option("--find <text>", "only those that say it, or whose check or assignee is called so")
    .addOption(new Option("--order <order>", "what comes first").choices(incidentOrders).default("worst"))
    .option("--limit <count>", `incidents at most, ${pageHelp.limit}`, "50")
    .option("--offset <count>", pageHelp.offset, "0")
    .action(action<ListOptions>(list));
  command
    .command("show <incident>")
    .description("one incident by its number or id: its alerts, what to do, and what happened")
    .action(action(show));
  command
    .command("ack <incident...>")
    .description("say that somebody has it: no more is told until an object is new or graver")
    .option("--until <moment>", `when the acknowledgement ends by itself: ${momentHelp}`, "24h")
    .action(
      action<{ until: string }>(async (context, { until }, which) =>
        change(context, which, "acknowledged", (chosen) =>
          runVerb(context, "acknowledgeIncident", { ...chosen, until: momentAhead(until, "--until") }),
        ),
      ),
    );
  command
    .command("unack <incident...>")
    .description("take an acknowledgement or a snooze back")
    .action(
      action(async (context, _options, which) =>
        change(context, which, "open again", (chosen) => runVerb(context, "unacknowledgeIncident", chosen)),
      ),
    );
  command
    .command("assign <incident> <person>")
    .description("say whose it is: an e-mail address, a user's id, or nobody")
    .action(
      action(async (context, _options, [which = "", person = ""]) => {
        const to = await personOf(context, person);
        await change(context, [which], to ? `assigned to ${person}` : "nobody's", (chosen) =>
          runVerb(context, "assignIncident", { ...chosen, to }),
        );
      }),
    );
  command
    .command("snooze <incident...>")
    .description("put it aside until a time")
    .requiredOption("--until <moment>", momentHelp)
    .action(
      action<{ until: string }>(async (context, { until }, which) =>
        change(context, which, "snoozed", (chosen) =>
          runVerb(context, "snoozeIncident", { ...chosen, until: momentAhead(until, "--until") }),
        ),
      ),
    );
  command
    .command("close <incident...>")
    .description("close what is normal; what still fires only with a reason")
    .option("--reason <text>", "why it is closed although it fires")
    .action(
      action<{ reason?: string }>(async (context, { reason }, which) =>
        change(context, which, "closed", (chosen) =>
          runVerb(context, "closeIncident", { ...chosen, ...(reason !== undefined && { reason }) }),
        ),
      ),
    );
  command
    .command("comment <incident> <text>")
    .description("put a comment on it")
    .action(
      action(async (context, _options, [which = "", text = ""]) =>
        change(context, [which], "commented on", (chosen) =>
          runVerb(context, "commentOnIncident", { ...chosen, text }),
        ),
      ),
    );
  return command;
}

const byId = new Map(checks.map((check) => [check.id, check]));
const targetsOf = (context: CliContext): string[] =>
  context.targetName === undefined ? context.env.targets.map(({ name }) => name) : [oneTarget(context).name];

async function list(
  context: CliContext,
  { state, severity, check, find, order, ...page }: ListOptions,
): Promise<void> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const { limit, offset } = pageOf(page);
  const targets = targetsOf(context);
  const hushes = await readHushes(consoleDb().db, { targets, checks }, new Date());
  const asked = {
    targets,
    states: state ?? incidentStates.filter((one) => one !== "closed"),
    severities: severity,
    check,
    q: find,
    order,
    limit,
    offset,
  };
  const data = await getIncidents(consoleDb().sql, byId, asked, hushes);
  out.document(data);
  if (data.total === 0) return out.line(state ? "No incident is so." : "Nothing is wrong.");
  writeIncidents(out, data.incidents);
  tellPage(out, { offset, shown: data.incidents.length, total: data.total });
}

async function show(context: CliContext, _options: unknown, [which = ""]: string[]): Promise<void> {
  context.atEnd(closeConsoleDb);
  const incident = await find(context, which);
  context.out.document(incident);
  writeIncident(context.out, incident);
}

/** @throws AppError BAD_INPUT for what is neither a number nor an id, NOT_FOUND */
async function find(context: CliContext, text: string): Promise<IncidentPage> {
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  if (number === undefined && !isId)
    throw new AppError("BAD_INPUT", `"${text}" is neither an incident's number nor its id.`, {
      hint: "See `audit-db alerts list`.",
    });
  const targets = targetsOf(context);
  return getIncident(
    consoleDb().sql,
    byId,
    number === undefined ? { id: text, targets } : { number: Number(number), targets },
    {
      hushes: await readHushes(consoleDb().db, { targets, checks }, new Date()),
      // `audit-db silences list --all` has them.
      expired: async () => [],
    },
  );
}

type ChosenHere = { target: string; incidents: { id: string; version: number }[] };

/** Does one act to these incidents as they are now, those of each target together; 5 where one of them could not be. */
async function change(
  context: CliContext,
  which: readonly string[],
  done: string,
  act: (chosen: ChosenHere) => Promise<Changed>,
): Promise<number> {
  const { out } = context;
  context.atEnd(closeConsoleDb);
  const found: IncidentPage[] = [];
  for (const text of which) found.push(await find(context, text));
  const results: Changed[] = [];
  for (const [target, of] of Map.groupBy(found, (one) => one.target))
    results.push(await act({ target, incidents: of.map(({ id, version }) => ({ id, version })) }));
  const all = {
    changed: results.flatMap(({ changed }) => changed),
    refused: results.flatMap(({ refused }) => refused),
  };
  out.document(all);
  for (const { number } of all.changed) out.line(`#${number} is ${done}.`);
  for (const { message } of all.refused) out.line(message);
  return all.refused.length > 0 ? 5 : 0;
}

/** @throws AppError NOT_FOUND */
async function personOf(context: CliContext, text: string): Promise<string | null> {
  if (text === "nobody") return null;
  if (!text.includes("@")) return text;
  context.atEnd(closeConsoleDb);
  const { users } = schema;
  const [found] = await consoleDb()
    .db.select({ id: users.id })
    .from(users)
    .where(eq(users.email, text.toLowerCase()));
  if (found) return found.id;
  throw new AppError("NOT_FOUND", `There is nobody with the address ${text}.`, {
    hint: "See `audit-db user list`.",
  });
}
