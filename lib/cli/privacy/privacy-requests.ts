import { type Command, Option } from "commander";
import type { AdminInput } from "../../admin.ts";
import { AppError } from "../../errors.ts";
import { letterLanguages } from "../../request-law/grounds/ground.ts";
import { requestKindNames } from "../../request-law/kinds.ts";
import { regimes } from "../../request-law/regimes.ts";
import { type RequestFilter, requestFilters } from "../../requests/get-requests.ts";
import { requestsReads } from "../../requests/reads.ts";
import type { RequestSummary } from "../../requests/types.ts";
import { counted } from "../../words.ts";
import { reading } from "../alerts/silences.ts";
import { action, type CliContext } from "../command.ts";
import { readTextFile } from "../input/read-text-file.ts";
import { timeText } from "../output/format.ts";
import { wholeNumber } from "../output/list-page.ts";
import { runVerb } from "../verbs/run-verb.ts";
import { tellRequest } from "./privacy-request-text.ts";
import { oneId } from "./read-person-id.ts";

interface ListOptions {
  state: RequestFilter;
  kind?: RequestSummary["kind"];
  overdue?: boolean;
  limit: string;
  before?: string;
}

interface OpenOptions {
  kind: RequestSummary["kind"];
  personFrom: string;
  regime?: RequestSummary["regime"];
  organization?: string[];
  on?: string[];
  received?: string;
  language?: "en" | "de";
  reference?: string;
}

const whoHelp =
  "a file with who asks, or - for standard input: one id, or JSON as the API takes it (identifiers, name, contact, letter)";

/** `privacy list`, `show`, `open` and `import`. */
export function addRequestCommands(command: Command): void {
  command
    .command("list")
    .description("requests of people about their data that have not ended, newest first")
    .addOption(new Option("--state <state>", "which").choices(requestFilters).default("open"))
    .addOption(new Option("--kind <kind>", "of this kind alone").choices(requestKindNames))
    .option("--overdue", "those alone whose last day is over")
    .option("--limit <count>", "1 to 500", "100")
    .option("--before <number>", "only those with a smaller number: the last of the page before")
    .action(action<ListOptions>(list));
  command
    .command("show <number>")
    .description("one request: its clock, next step, decision and timeline")
    .option("--person", "who asks as well, and what was typed; the look is on record")
    .action(action<{ person?: true }>(show));
  command
    .command("open")
    .description("take a request in; who asks is sealed before anything is kept of it")
    .addOption(
      new Option("--kind <kind>", "what is asked for").choices(requestKindNames).makeOptionMandatory(),
    )
    .requiredOption("--person-from <file>", whoHelp)
    .addOption(new Option("--regime <regime>", "whose law sets the clock").choices(regimes))
    .option("--organization <id...>", "of these organisations; every one unless given")
    .option("--on <target...>", "on these targets; every one unless given")
    .option("--received <time>", "when it reached you, ISO 8601 with a zone; now unless given")
    .addOption(new Option("--language <language>", "of the answer").choices(letterLanguages))
    .option("--reference <text>", "number of the ticket")
    .action(action<OpenOptions>(open));
  command
    .command("import <file>")
    .description("take requests in from a CSV file (- for standard input): all of it, or none")
    .action(action(importFile));
}

/** A request's number as typed, `12` or `#12`. @throws AppError BAD_INPUT */
export const requestNumberOf = (text = ""): number =>
  wholeNumber(text.replace(/^#/, ""), "the request's number", 1e15);

async function list(
  context: CliContext,
  { state, kind, overdue = false, limit, before }: ListOptions,
): Promise<void> {
  const { out } = context;
  const most = wholeNumber(limit, "--limit", 500);
  const { data } = await requestsReads.requests.run(reading(context), {
    ...{ state, kind, overdue, limit: most },
    before: before === undefined ? undefined : requestNumberOf(before),
  });
  out.document(data);
  if (data.length === 0) return out.line("There is no such request.");
  out.table(
    ["request", "kind", "law", "state", "received", "due", "left", "next"],
    data.map((one) => [
      `#${one.number}`,
      one.kind,
      one.regime,
      one.state,
      one.receivedAt.slice(0, 10),
      one.dueOn ?? (one.standing === null ? "" : `stands: ${one.standing}`),
      leftText(one),
      one.next?.verb ?? "",
    ]),
  );
  if (data.length === most) out.line(`There may be older ones. Go on with --before ${data.at(-1)?.number}.`);
}

function leftText({ daysLeft }: Pick<RequestSummary, "daysLeft">): string {
  if (daysLeft === null) return "";
  return daysLeft < 0 ? `${counted(-daysLeft, "day")} late` : counted(daysLeft, "day");
}

async function show(context: CliContext, { person }: { person?: true }, [given]: string[]): Promise<void> {
  const request = requestNumberOf(given);
  const { data } = await requestsReads.request.run(reading(context), { request });
  const opened = person ? await runVerb(context, "viewRequestPerson", { request }) : undefined;
  context.out.document({ ...data, ...(opened && { opened }) });
  tellRequest(context, data, opened);
}

async function open(context: CliContext, options: OpenOptions): Promise<void> {
  const { kind, personFrom, regime, organization, on, received, language, reference } = options;
  const input: AdminInput<"openRequest"> = {
    ...{ kind, channel: "cli", person: whoAsks(await readTextFile(personFrom)) },
    ...(regime && { regime }),
    ...(organization && { organizations: organization }),
    ...(on && { targets: on }),
    ...(received !== undefined && { receivedAt: received }),
    ...(language && { language }),
    ...(reference !== undefined && { reference }),
  };
  const opened = await runVerb(context, "openRequest", input);
  context.out.document(opened);
  context.out.line(`Request #${opened.number} is in.`);
  for (const one of opened.duplicates)
    context.out.line(`The same person has asked for the same in #${one}, which is open.`);
  tellEarlier(context, opened.earlier);
}

type Opened = Awaited<ReturnType<typeof runVerb<"openRequest">>>;

function tellEarlier({ out }: CliContext, earlier: Opened["earlier"]): void {
  if (!earlier) return;
  const on = earlier.closedAt === null ? "" : ` on ${timeText(new Date(earlier.closedAt))}`;
  const entries = earlier.receipts.map(({ entry }) => entry).join(", ");
  out.line(
    `They were erased before, by request #${earlier.request}${on}${entries ? `: ledger entries ${entries}` : ""}.`,
  );
}

/** @throws AppError BAD_INPUT, which repeats nothing of it */
function whoAsks(text: string): AdminInput<"openRequest">["person"] {
  if (!text.trimStart().startsWith("{")) return { identifiers: [{ kind: "id", value: oneId(text) }] };
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("BAD_INPUT", "--person-from begins as JSON and is none.");
  }
}

async function importFile(context: CliContext, _options: unknown, [file = ""]: string[]): Promise<void> {
  const { requests } = await runVerb(context, "importRequests", { csv: await readTextFile(file) });
  context.out.document(requests);
  context.out.table(
    ["line", "request", "same person", "erased before"],
    requests.map(({ line, number, duplicates, earlier }) => [
      line,
      `#${number}`,
      duplicates.map((one) => `#${one}`).join(" "),
      earlier ? `#${earlier.request}` : "",
    ]),
  );
}
