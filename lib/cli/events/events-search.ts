import { Command, Option } from "commander";
import { dataClassifications, eventStatuses } from "../../audit-db/append/event-limits.ts";
import type { EventFilters, EventKey } from "../../audit-log/event-filters.ts";
import { AppError } from "../../errors.ts";
import { searchEvents } from "../../events/search-events.ts";
import type { EventPage, EventSummary } from "../../events/types.ts";
import { rangeEndInput } from "../../inputs.ts";
import { type RelativeRange, relativeRanges } from "../../read.ts";
import type { Observed } from "../../result.ts";
import { action, type CliContext } from "../command.ts";
import { wholeNumber } from "../output/list-page.ts";
import { openEventTarget } from "./event-target.ts";

export type Filters = Omit<EventFilters, "from" | "to">;
type SearchOptions = Filters & { range?: RelativeRange; from?: string; to?: string; limit: string };

const mostFound = 10_000;

/** `audit-db events search`: what matches in a time range, newest first. */
export function searchCommand(): Command {
  return withFilters(new Command("search").description("events of a time range that match, newest first"))
    .addOption(new Option("--range <range>", "ends now").choices(Object.keys(relativeRanges)).default("24h"))
    .option("--from <time>", "beginning, ISO 8601, with --to")
    .option("--to <time>", "end, ISO 8601, with --from")
    .option("--limit <count>", `1 to ${mostFound}`, "50")
    .action(
      action<SearchOptions>(async (context, { limit, range, from, to, ...filters }) => {
        const audit = openEventTarget(context);
        const wanted = wholeNumber(limit, "--limit", mostFound);
        const asked = { ...pickFilters(filters), ...times({ range, from, to }) };
        const events: EventSummary[] = [];
        let more = false;
        for (let before: EventKey | undefined; events.length < wanted; ) {
          const page = readable(
            await searchEvents(audit, asked, { before, limit: Math.min(500, wanted - events.length) }),
          );
          events.push(...page.events);
          more = page.older !== null;
          if (!page.older) break;
          before = page.older;
        }
        context.out.document({ events });
        for (const event of events) writeEvent(context, event);
        if (more) context.out.line(`There are older ones. Raise --limit, or take all with events export.`);
        if (events.length === 0) context.out.line("No matching events in this time range.");
      }),
    );
}

/** The options that narrow what is found; `pickFilters` reads them. */
export function withFilters(command: Command): Command {
  return command
    .option("--actor <id>", "a person's id or token")
    .option("--about <id>", "whom or what it was done to: a person's id, a token, a target's id")
    .option("--organization <id>", "of this organisation")
    .option("--action <action>", "the whole action, or its beginning: record.*")
    .addOption(new Option("--status <status>", "how it went").choices(eventStatuses))
    .addOption(new Option("--classification <class>", "of this class").choices(dataClassifications))
    .option("--policy <name>", "under this retention policy")
    .option("--correlation <id>", "with this correlation id")
    .option("--text <text>", "anywhere in the details");
}

export function pickFilters(given: Filters & { about?: string }): Filters {
  const {
    actor,
    about,
    organization,
    action: name,
    status,
    classification,
    policy,
    correlation,
    text,
  } = given;
  return {
    actor,
    target: about,
    organization,
    action: name,
    status,
    classification,
    policy,
    correlation,
    text,
  };
}

/** @throws AppError BAD_INPUT */
export function times({
  range = "24h",
  from,
  to,
}: Partial<Record<"from" | "to", string | undefined>> & { range?: SearchOptions["range"] | undefined }): {
  from: Date;
  to: Date;
} {
  if (from === undefined && to === undefined) {
    const now = Date.now();
    return { from: new Date(now - relativeRanges[range] * 1_000), to: new Date(now) };
  }
  const ends = { from: new Date(from ?? Number.NaN), to: new Date(to ?? Number.NaN) };
  if (ends.from < ends.to) return { from: rangeEndInput.parse(ends.from), to: rangeEndInput.parse(ends.to) };
  throw new AppError(
    "BAD_INPUT",
    "--from and --to must both be given, as ISO 8601 times, the earlier one first.",
  );
}

/** @throws AppError UNSUPPORTED when events cannot be read here, with what would change that */
export function readable({ data, unavailable }: Observed<EventPage>): EventPage {
  if (!unavailable) return data;
  throw new AppError("UNSUPPORTED", unavailable.reason, {
    ...(unavailable.enable && { hint: `To enable it: ${unavailable.enable}` }),
  });
}

/** One line an event; with --json one document at the end for a search, a line of JSON each for a tail. */
export function writeEvent({ out }: CliContext, event: EventSummary): void {
  const { occurredAt, status, action: name, organizationId, actorToken, targetType, targetId, id } = event;
  const about = [targetType, targetId].filter(Boolean).join(" ") || "–";
  const how = status === "failure" ? out.colors.red(status) : status;
  out.line([occurredAt, how, name, organizationId, actorToken ?? "–", about, id].join("  "));
}
