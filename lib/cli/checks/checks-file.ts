import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { findAction } from "../../admin.ts";
import { systemActor } from "../../auth/actor.ts";
import { needsSecond } from "../../check-board/assert-guarded.ts";
import { findCheck } from "../../check-board/get-check.ts";
import { formatThresholds, parseThresholds } from "../../check-board/threshold-file.ts";
import { checks } from "../../checks.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { everything } from "../../evaluation/limits.ts";
import { createReadContext } from "../../run-read.ts";
import { counted } from "../../words.ts";
import { action, type CliContext, oneTarget } from "../command.ts";
import { awaitsWords } from "../verbs/act.ts";
import { runAction } from "../verbs/run-verb.ts";
import { limitsText } from "./checks-output.ts";

export function exportThresholds(command: Command): void {
  command
    .description("what people set, as YAML that import takes: of every target, or of --target alone")
    .action(
      action(async (context) => {
        const set = await readSet(context);
        context.out.document({ thresholds: set });
        context.out.line(formatThresholds(checks, set).trimEnd());
      }),
    );
}

const whereText = (target: string) => (target === everything ? "every target" : target);

export function importThresholds(command: Command): void {
  command
    .description("sets what a YAML file names, all of it or nothing; what it does not name stays")
    .option("--dry-run", "says what would change, and changes nothing")
    .action(
      action<{ dryRun?: boolean }>(async (context, { dryRun }, [file = ""]) => {
        const thresholds = parseThresholds(await readText(file), file, checks);
        const target = context.targetName === undefined ? everything : oneTarget(context).name;
        const elsewhere = thresholds.find((each) => target !== everything && each.target !== target);
        if (elsewhere)
          throw new AppError(
            "BAD_INPUT",
            `${file} sets ${elsewhere.check} for ${whereText(elsewhere.target)}, not for ${target}.`,
            { hint: "Leave --target out, or take it out of the file." },
          );
        if (thresholds.length === 0) throw new AppError("BAD_INPUT", `${file} sets nothing.`);
        const before = await readSet(context);
        for (const each of thresholds) {
          const known = before.find(
            (set) =>
              set.checkId === each.check && set.target === each.target && set.objectKey === each.object,
          );
          const object = each.object === everything ? "" : `, ${each.object}`;
          const was = known ? limitsText(each.check, known.limits) : "not set";
          context.out.line(
            `${needsSecond(findCheck(checks, each.check), each) ? "Needs a second administrator: " : ""}${each.check} (${whereText(each.target)}${object}): ${limitsText(each.check, each)}; before: ${was}`,
          );
        }
        if (dryRun) {
          context.out.document({ set: 0, thresholds });
          context.out.line(`${counted(thresholds.length, "threshold")} would be set. Nothing was changed.`);
          return;
        }
        const guarded = thresholds.some((each) => needsSecond(findCheck(checks, each.check), each));
        const name = guarded ? "setGuardedThresholds" : "importThresholds";
        const { data, awaitsApproval } = await runAction(context, findAction("cli", name), {
          target,
          thresholds,
        });
        context.out.document(data);
        if (awaitsApproval) return context.out.line(awaitsWords(data));
        const { set } = data as { set: number };
        context.out.line(`${counted(set, "threshold")} set, from the next evaluation on.`);
      }),
    );
}

async function readSet(context: CliContext) {
  context.atEnd(closeConsoleDb);
  const { storedChecks } = createReadContext(systemActor("command line"), { target: "" });
  const target = context.targetName === undefined ? null : oneTarget(context).name;
  const targets = target === null ? context.env.targets.map(({ name }) => name) : [target];
  const set = await storedChecks.thresholds(targets);
  return target === null ? set : set.filter((each) => each.target === target);
}

/** @throws AppError BAD_INPUT */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file === "-" ? "/dev/stdin" : file, "utf8");
  } catch (cause) {
    throw new AppError("BAD_INPUT", `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
      hint: "Name a file that `audit-db checks export` wrote, or - for what is piped in.",
    });
  }
}
