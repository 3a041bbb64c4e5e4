import { existsSync, renameSync, rmSync } from "node:fs";
import { userInfo } from "node:os";
import { SingleBar } from "cli-progress";
import { Command, Option } from "commander";
import type { EventKey } from "../../audit-log/event-filters.ts";
import { systemActor } from "../../auth/actor.ts";
import { consoleDb } from "../../db/console-db.ts";
import { AppError, toAppError } from "../../errors.ts";
import { parseEventKey } from "../../events/inputs.ts";
import { tokenFilters } from "../../events/token-filters.ts";
import { type Exported, exportEvents } from "../../export/export-events.ts";
import { type ExportAsked, noteExport } from "../../export/note.ts";
import { type ExportFormat, exportFormats } from "../../export/options.ts";
import { type RelativeRange, relativeRanges } from "../../read.ts";
import { action, type CliContext } from "../command.ts";
import { openEventTarget } from "./event-target.ts";
import { type Filters, pickFilters, times, withFilters } from "./events-search.ts";
import { codeOf, explainFile, openOut } from "./export-file.ts";
import { cutToLastEvent } from "./export-resume.ts";

interface ExportOptions extends Filters {
  format: ExportFormat;
  range?: RelativeRange;
  from?: string;
  to?: string;
  after?: string;
  resume?: boolean;
  spreadsheet?: boolean;
}

const interruptedStatus = 130;

/** `audit-db events export`: every event of a time range that matches, oldest first, into a file or standard output. */
export function exportCommand(): Command {
  return withFilters(new Command("export").argument("<file>", "a new file, or - for standard output"))
    .description("every event of a time range that matches, oldest first; personal data as ciphertext")
    .addOption(new Option("--format <format>", "of the file").choices(exportFormats).default("ndjson"))
    .addOption(new Option("--range <range>", "ends now").choices(Object.keys(relativeRanges)).default("24h"))
    .option("--from <time>", "beginning, ISO 8601, with --to")
    .option("--to <time>", "end, ISO 8601, with --from")
    .option("--resume", "go on behind the last whole event of a file that an interrupted export left")
    .option("--after <key>", "only what lies after this event: its time and id, joined by _")
    .option("--spreadsheet", "CSV: cells that look like formulas begin with an apostrophe")
    .action(action<ExportOptions>((context, options, [file = "-"]) => runExport(context, options, file)));
}

async function runExport(context: CliContext, options: ExportOptions, file: string): Promise<number> {
  const after = await whereToBegin(options, file);
  const audit = openEventTarget(context);
  const given = { ...pickFilters(options), ...times(options) };
  const asked: ExportAsked = {
    actor: systemActor(`command line (${userInfo().username})`),
    target: audit.target,
    filters: await tokenFilters(audit, given),
    options: { format: options.format, spreadsheet: options.spreadsheet, after },
  };
  const note = noteOf(context, asked);
  // A Parquet file is nothing before its end: it gets its name then.
  const written = options.format === "parquet" && file !== "-" ? `${file}.part` : file;
  const out = await openOut(written);
  await note("begun");
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  process.once("SIGINT", onInterrupt).once("SIGTERM", onInterrupt);
  const bar = startBar();
  let so: Exported = { rows: 0, bytes: 0 };
  try {
    const done = await exportEvents(audit, asked.filters, asked.options, out, {
      signal: stop.signal,
      onProgress: (now) => {
        so = { ...now };
        bar?.update(shownOf(now));
      },
    });
    if (written !== file) renameSync(written, file);
    await note("success", done);
    bar?.stop();
    tell(context, file, { complete: true, ...done });
    return 0;
  } catch (thrown) {
    bar?.stop();
    if (written !== file) rmSync(written, { force: true });
    await note("failed", so, stop.signal.aborted ? { message: "Interrupted." } : toAppError(thrown));
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    // Whoever reads standard output has seen enough.
    if (codeOf(cause) === "EPIPE") return 0;
    if (!stop.signal.aborted) throw explainFile(cause, file) ?? thrown;
    tell(context, file, { complete: false });
    return interruptedStatus;
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onInterrupt);
  }
}

/** @throws AppError BAD_INPUT, NOT_FOUND, CONFLICT */
async function whereToBegin(options: ExportOptions, file: string): Promise<EventKey | undefined> {
  const { format, resume, after, spreadsheet } = options;
  if (spreadsheet && format !== "csv")
    throw new AppError("BAD_INPUT", "--spreadsheet goes with --format csv.");
  if (format === "parquet" && (resume || after))
    throw new AppError(
      "BAD_INPUT",
      "A Parquet file is made whole and starts again: leave --resume and --after out.",
    );
  if (resume && (after || file === "-"))
    throw new AppError("BAD_INPUT", "--resume finds where to go on in a file; --after says it.");
  if (format !== "parquet" && resume) return (await cutToLastEvent(file, format)) ?? undefined;
  if (file !== "-" && existsSync(file))
    throw new AppError("CONFLICT", `${file} is there already.`, {
      hint: "Name a new file, or go on with an interrupted export with --resume.",
    });
  return after === undefined ? undefined : parseEventKey(after, "--after");
}

/** Exports are on record wherever the console has a database to keep the record in. */
function noteOf({ env }: CliContext, asked: ExportAsked) {
  if (env.CONSOLE_DATABASE_URL)
    return noteExport(
      consoleDb(),
      asked,
      env.targets.map(({ name }) => name),
    );
  return async () => {};
}

const shownOf = ({ rows, bytes }: Exported) => ({
  events: rows.toLocaleString("en"),
  megabytes: Math.round(bytes / 1e6).toLocaleString("en"),
});

/** How far it is, on a terminal only; where it ends nobody knows before. */
function startBar(): SingleBar | null {
  if (!process.stderr.isTTY) return null;
  const bar = new SingleBar({
    format: "{events} events | {megabytes} MB | {duration_formatted}",
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(0, 0, shownOf({ rows: 0, bytes: 0 }));
  return bar;
}

/** Beside the file; standard output is the file where that is asked for. */
function tell({ out }: CliContext, file: string, so: { complete: boolean } & Partial<Exported>): void {
  if (file === "-") return;
  out.document({ ...so, file });
  if (so.complete) out.line(`${so.rows?.toLocaleString("en")} events in ${file}`);
  else out.line("Interrupted; --resume goes on (Parquet starts again).");
}
