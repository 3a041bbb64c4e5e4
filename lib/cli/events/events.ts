import { Command } from "commander";
import { action } from "../command.ts";
import { exportCommand } from "./events-export.ts";
import { type ImportOptions, importEvents } from "./events-import.ts";
import { searchCommand } from "./events-search.ts";
import { tailCommand } from "./events-tail.ts";
import { verifyCommand } from "./events-verify.ts";

/** `audit-db events …`: one subcommand a line, each in a file of its own. */
export function eventsCommand(): Command {
  const command = new Command("events").description(
    "hand events in, look for them, follow, export and verify them",
  );
  command
    .command("import <file>")
    .description("append NDJSON from a file (plain, gzip or zstd) or from standard input (-)")
    .option("--restart", "begin anew instead of going on where an earlier run stopped")
    .option("--rejected <file>", "where refused lines go, with the reason (default: FILE.rejected.ndjson)")
    .action(action<ImportOptions>((context, options, [file = "-"]) => importEvents(context, file, options)));
  command.addCommand(searchCommand());
  command.addCommand(tailCommand());
  command.addCommand(exportCommand());
  command.addCommand(verifyCommand());
  return command;
}
