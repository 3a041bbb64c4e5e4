import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };

/** Loaded only when the arguments name them: together their libraries take half a second. */
const commands: Record<string, () => Promise<Command>> = {
  status: async () => (await import("./servers/status.ts")).statusCommand(),
  doctor: async () => (await import("./servers/doctor.ts")).doctorCommand(),
  migrate: async () => (await import("./servers/migrate.ts")).migrateCommand(),
  partitions: async () => (await import("./partitions/partitions.ts")).partitionsCommand(),
  maintenance: async () => (await import("./servers/maintenance.ts")).maintenanceCommand(),
  pooler: async () => (await import("./servers/pooler.ts")).poolerCommand(),
  queries: async () => (await import("./servers/queries.ts")).queriesCommand(),
  events: async () => (await import("./events/events.ts")).eventsCommand(),
  alerts: async () => (await import("./alerts/alerts.ts")).alertsCommand(),
  channels: async () => (await import("./alerts/channels.ts")).channelsCommand(),
  routes: async () => (await import("./alerts/routes.ts")).routesCommand(),
  checks: async () => (await import("./checks/checks.ts")).checksCommand(),
  silences: async () => (await import("./alerts/silences.ts")).silencesCommand(),
  holds: async () => (await import("./privacy/holds.ts")).holdsCommand(),
  windows: async () => (await import("./alerts/windows.ts")).windowsCommand(),
  cache: async () => (await import("./servers/cache.ts")).cacheCommand(),
  token: async () => (await import("./people/token.ts")).tokenCommand(),
  user: async () => (await import("./people/user.ts")).userCommand(),
  vault: async () => (await import("./privacy/vault.ts")).vaultCommand(),
  privacy: async () => (await import("./privacy/privacy.ts")).privacyCommand(),
  jobs: async () => (await import("./jobs/jobs.ts")).jobsCommand(),
  duties: async () => (await import("./jobs/duties.ts")).dutiesCommand(),
  act: async () => (await import("./verbs/act.ts")).actCommand(),
  approvals: async () => (await import("./verbs/approvals.ts")).approvalsCommand(),
  login: async () => (await import("./people/login.ts")).loginCommand(),
  logout: async () => (await import("./people/login.ts")).logoutCommand(),
  whoami: async () => (await import("./people/login.ts")).whoamiCommand(),
  openapi: async () => (await import("./openapi.ts")).openapiCommand(),
};

/**
 * The command line with the commands that the arguments name, or all of them; parsing it runs one.
 * @param args the arguments after the program's name
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
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
  const named = Object.keys(commands).filter((name) => args.includes(name));
  const help = args.includes("--help") || args.includes("-h") || args.includes("help");
  const version = args.includes("--version") || args.includes("-V");
  const wanted = version || (named.length > 0 && !help) ? named : Object.keys(commands);
  const loaded = await Promise.all(wanted.map((name) => commands[name]?.())).then((all) =>
    all.filter((command) => command !== undefined),
  );
  for (const command of loaded) program.addCommand(command);
  for (const command of [program, ...loaded, ...loaded.flatMap(commandsBelow)])
    command.exitOverride().showHelpAfterError("(see --help)");
  return program;
}

const commandsBelow = (command: Command): Command[] =>
  command.commands.flatMap((below) => [below, ...commandsBelow(below)]);
