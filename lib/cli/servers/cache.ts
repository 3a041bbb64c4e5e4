import { Command } from "commander";
import type { Dropped } from "../../answers/drop-answers-job.ts";
import type { CacheContents } from "../../answers/query-cache-types.ts";
import { reachSharedCache } from "../../answers/reach-shared-cache.ts";
import { answersReads } from "../../answers/reads.ts";
import { systemActor } from "../../auth/actor.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { openEngine } from "../../engines/open-engine.ts";
import { closeSharedCache } from "../../engines/open-shared-cache.ts";
import type { Target } from "../../env/targets.ts";
import { AppError } from "../../errors.ts";
import { closeVault } from "../../key-store/open-vault.ts";
import { createReadContext } from "../../run-read.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { bytesText, countText, millisecondsText } from "../output/format.ts";
import { runVerbJob, type WaitOptions, withNoWait } from "../verbs/run-verb-job.ts";

export function cacheCommand(): Command {
  const command = new Command("cache").description("the console's cache of answers");
  command
    .command("list", { isDefault: true })
    .description("what it holds of a target in the running processes and in Redis, by statement")
    .action(
      action(async (context) => {
        const target = oneTarget(context);
        openCaches(context, target);
        await reachSharedCache();
        const reading = createReadContext(systemActor("command line"), { target: target.name });
        const { data, observedAt, countsSince } = await answersReads.cacheContents.run(reading, {});
        context.out.document({ target: target.name, ...data, observedAt, countsSince });
        context.out.line(`${target.name}: ${summary(data)}\n`);
        context.out.table(
          [
            "statement",
            "answers",
            "memory",
            "in Redis",
            "bytes",
            "hits",
            "from Redis",
            "runs",
            "mean",
            "saved",
          ],
          data.statements
            .toSorted((a, b) => a.name.localeCompare(b.name))
            .map((row) => [
              row.name,
              countText(row.entries),
              bytesText(row.bytes),
              countText(row.sharedEntries),
              bytesText(row.sharedBytes),
              countText(row.hits),
              countText(row.sharedHits),
              countText(row.misses),
              millisecondsText(row.costMs),
              millisecondsText(row.savedMs),
            ]),
        );
      }),
    );
  withNoWait(
    command
      .command("drop [tag]")
      .description("forget answers in every process: those of a topic or statement, or --all")
      .option("--all", "every answer of the target"),
  ).action(
    action<{ all?: boolean } & WaitOptions>(async (context, { all, ...options }, [tag]) => {
      if ((tag === undefined) === (all !== true))
        throw new AppError("BAD_INPUT", "Say which answers: a tag, or --all.", {
          hint: "`audit-db cache` lists statements; the word before the dot is the tag of all of its topic.",
        });
      const target = oneTarget(context);
      openCaches(context, target);
      const which = tag === undefined ? { all: true as const } : { tag };
      const input = { target: target.name, ...which };
      const dropped = (await runVerbJob(context, "dropAnswers", input, options)) as Dropped | undefined;
      if (!dropped) return;
      context.out.document({ target: target.name, ...dropped });
      const redis =
        dropped.entriesShared === null ? "" : `, ${countText(dropped.entriesShared)} of them in Redis`;
      context.out.line(
        `${tag === undefined ? `All answers of ${target.name}` : `The answers of ${tag} (${target.name})`} are dropped in every process${redis}.`,
      );
    }),
  );
  return command;
}

/** Opens the engine, and sees to it that nothing stays open at the end. */
function openCaches(context: CliContext, target: Target): void {
  openEngine(target);
  context.atEnd(async () => {
    await Promise.all([closeVault(), closeSharedCache()]);
    await closeConsoleDb();
  });
}

const sharedWords: Record<CacheContents["shared"], string> = {
  counted: "and Redis",
  part: "and Redis (not all of it was counted)",
  away: "(Redis cannot be asked now)",
  not_configured: "(Redis: not configured)",
};

function summary({ statements, processes, shared }: CacheContents): string {
  return `${countText(statements.length)} statements in ${countText(processes)} ${processes === 1 ? "process" : "processes"} ${sharedWords[shared]}`;
}
