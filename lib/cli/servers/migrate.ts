import { createInterface } from "node:readline/promises";
import { Command, Option } from "commander";
import { type MigrationPlan, migrateAudit, planAuditMigration } from "../../audit-db/schema/migrate.ts";
import { AppError } from "../../errors.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { databaseOf, urlTarget } from "../input/url-target.ts";
import { offerUpkeep } from "../partitions/offer-upkeep.ts";

interface Options {
  url?: string;
  apply?: boolean;
  yes?: boolean;
  upkeep?: "yes" | "no";
}

export function migrateCommand(): Command {
  return new Command("migrate")
    .description("show the SQL that brings the audit schema up to date, and run it with --apply")
    .option("--url <url>", "database to migrate, as its owner or a superuser (default: the maintenance URL)")
    .option("--apply", "run it, after a typed confirmation")
    .option("--yes", "with --apply: do not ask")
    .addOption(
      new Option(
        "--upkeep <answer>",
        "with --apply: have the console make audit_log's next partitions (yes: from now on; no: not even proposed)",
      ).choices(["yes", "no"]),
    )
    .action(
      action<Options>(async (context, options) => {
        const { out } = context;
        const url = options.url ? urlTarget(options.url).watchUrl : maintenanceUrl(context);
        const plan = await planAuditMigration(url);
        tellPlan(context, plan, databaseOf(url));
        if (!options.apply) {
          out.document({ ...plan, ran: false });
          if (plan.pending.length > 0)
            out.line("\nNothing was changed. Run it again with --apply to apply this SQL.");
          return;
        }
        if (plan.pending.length === 0) {
          out.document({ ...plan, ran: false, upkeep: await offerUpkeep(context, url, options) });
          return;
        }
        if (!options.yes) await confirm(databaseOf(url), context);
        const done = await migrateAudit(url, {
          onStep: ({ name, index, count }) => out.line(`Applying ${index} of ${count}: ${name}`),
        });
        out.line("The audit schema is up to date.");
        out.document({ ...done, ran: true, upkeep: await offerUpkeep(context, url, options) });
      }),
    );
}

function maintenanceUrl(context: CliContext): string {
  const target = oneTarget(context);
  if (target.maintenanceUrl) return target.maintenanceUrl;
  throw new AppError(
    "BAD_INPUT",
    `${target.name} has no maintenance connection, and watching must not change anything.`,
    {
      hint: "Give --url with the database's owner or a superuser.",
    },
  );
}

function tellPlan({ out }: CliContext, { pending, applied }: MigrationPlan, database: string): void {
  if (applied.length > 0) out.line(`Applied to ${database} already: ${applied.join(", ")}`);
  if (pending.length === 0) out.line("The audit schema is up to date.");
  for (const { name, sql } of pending) {
    out.line(out.colors.bold(`-- ${name}`));
    out.line(sql);
  }
}

async function confirm(database: string, { out }: CliContext): Promise<void> {
  if (!process.stdin.isTTY || out.json)
    throw new AppError("BAD_INPUT", "Nothing was changed: there is no terminal to confirm on.", {
      hint: "Read the SQL without --apply first, then add --yes.",
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`Type the database's name (${database}) to run this SQL on it: `);
    if (typed.trim() !== database)
      throw new AppError("BAD_INPUT", "Nothing was changed: that is not the database's name.");
  } finally {
    terminal.close();
  }
}
