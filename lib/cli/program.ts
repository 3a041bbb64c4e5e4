import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { doctorCommand } from "./doctor.ts";
import { migrateCommand } from "./migrate.ts";
import { openapiCommand } from "./openapi.ts";
import { partitionsCommand } from "./partitions.ts";
import { queriesCommand } from "./queries.ts";
import { statusCommand } from "./status.ts";
import { tokenCommand } from "./token.ts";
import { userCommand } from "./user.ts";

/** The command line with all its commands; parsing it runs one. */
export function createProgram(): Command {
  const program = new Command("audit-db")
    .description("Watch and run an audit database on PostgreSQL, from the command line.")
    .version(manifest.version)
    .option("--json", "answer one JSON document on standard output")
    .option("--target <name>", "the audit database it is about, where several are configured")
    .addHelpText(
      "after",
      "\nDatabases are those of the environment (AUDIT_DATABASE_URL …) or of the console that runs here.\n" +
        "Exit status: 0 done, 1 unexpected error, 2 wrong use, 3 not allowed, 4 not found, 5 conflict,\n" +
        "6 not supported by the server, 7 not reachable. See docs/cli.md.",
    );
  const commands = [
    statusCommand(),
    doctorCommand(),
    migrateCommand(),
    partitionsCommand(),
    queriesCommand(),
    tokenCommand(),
    userCommand(),
    openapiCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap((c) => c.commands)])
    command.exitOverride().showHelpAfterError("(see --help)");
  return program;
}
