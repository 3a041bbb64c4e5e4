import { userInfo } from "node:os";
import { understand } from "../../audit-db/pool/understand.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { assertSchemaKnown } from "../../db/schema-version.ts";
import type { Target } from "../../env/targets.ts";
import { AppError, toAppError } from "../../errors.ts";
import { keepNativeTable } from "../../upkeep/keep-native.ts";
import type { CliContext } from "../command.ts";
import { ask } from "../input/ask.ts";
import { databaseOf } from "../input/url-target.ts";

interface Options {
  yes?: boolean;
  upkeep?: "yes" | "no";
}

/**
 * After a migration: proposes that the console makes the next partitions of the audit log, and turns it on where a person
 * says yes, by `--upkeep=yes` or on the terminal.
 * @returns how it stands; null where nothing was proposed
 * @throws AppError where yes was said and it cannot be
 */
export async function offerUpkeep(
  context: CliContext,
  url: string,
  { yes = false, upkeep }: Options,
): Promise<"proposed" | "approved" | null> {
  const { out, env } = context;
  if (upkeep === "no") return null;
  const target = env.targets.find((one) => leadsTo(one, url));
  const unable = (why: string) => {
    const then = "Propose it where the console runs: audit-db partitions upkeep set --table audit_log.";
    if (upkeep === "yes")
      throw new AppError("UNSUPPORTED", `The upkeep cannot be turned on: ${why}`, { hint: then });
    out.line(`Its next partitions: nobody makes them by the clock. ${why} ${then}`);
    return null;
  };
  if (!target) return unable("None of the configured targets is this database.");
  if (!env.CONSOLE_DATABASE_URL) return unable("No console database is configured here.");
  if (upkeep === "yes" && !target.maintenanceUrl)
    return unable(`${target.name} has no maintenance connection.`);
  context.atEnd(closeConsoleDb);
  try {
    await assertSchemaKnown(consoleDb().sql);
    const approve =
      upkeep === "yes" || (!yes && target.maintenanceUrl !== undefined && (await saysYes(context)));
    const state = await keepNativeTable(consoleDb(), {
      ...{ target: target.name, database: databaseOf(url), approve },
      by: `command line (${userInfo().username})`,
      auditTargets: env.targets.map(({ name }) => name),
      now: new Date(),
    });
    out.line(
      state === "approved"
        ? "The upkeep of audit_log is on: its next partitions are made every day."
        : "The upkeep of audit_log is proposed, and off until a person approves it (Partitions, or audit-db partitions upkeep approve --table audit_log).",
    );
    return state;
  } catch (thrown) {
    if (upkeep === "yes") throw thrown;
    return unable(toAppError(thrown).message);
  }
}

async function saysYes({ out }: CliContext): Promise<boolean> {
  if (out.json || !process.stdin.isTTY) return false;
  const typed = await ask(
    "Shall the console make audit_log's next partitions, three ahead, every day at 03:17 UTC? Type yes or no: ",
    { without: "Add --upkeep=yes or --upkeep=no." },
  );
  return typed.trim().toLowerCase() === "yes";
}

/** The same server and database, whatever the role. */
function leadsTo({ watchUrl, maintenanceUrl }: Target, url: string): boolean {
  const wanted = placeOf(url);
  return [watchUrl, maintenanceUrl].some((own) => own !== undefined && placeOf(own) === wanted);
}

function placeOf(url: string): string {
  const { hosts, database } = understand(url);
  return JSON.stringify([hosts, database]);
}
