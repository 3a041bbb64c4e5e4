import type { Command } from "commander";
import { systemActor } from "../../auth/actor.ts";
import { findCheck } from "../../check-board/get-check.ts";
import { nameObject } from "../../check-board/name-object.ts";
import { checks } from "../../checks.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { evaluateNow } from "../../evaluation/evaluate-now.ts";
import { createReadContext } from "../../run-read.ts";
import { action, oneTarget } from "../command.ts";
import { timeText } from "../output/format.ts";
import { figureText, limitsText } from "./checks-output.ts";

/** Judges a check at this moment, by the limits in force, and writes nothing. */
export function testCheck(command: Command): void {
  command
    .description("evaluates a check on a target now and shows each object against its limits; writes nothing")
    .action(
      action(async (context, _options, [id = ""]) => {
        const check = findCheck(checks, id);
        const { name: target } = oneTarget(context);
        context.atEnd(closeConsoleDb);
        const reading = createReadContext(systemActor("command line"), { target });
        // What asks nothing itself would else judge a connection that is only being made.
        await reading.audit.server().catch(() => {});
        const [standing] = await evaluateNow(reading, [check]);
        const objects = standing?.objects ?? [];
        context.out.document({ check: id, target, error: standing?.error ?? null, objects });
        context.out.line(`${check.title} (${id}) on ${target}, now:`);
        if (standing?.error) context.out.line(`It could not be evaluated: ${standing.error.message}`);
        if (objects.length === 0) {
          context.out.line("There is no object that it judges.");
          return;
        }
        context.out.table(
          ["state", "object", "value", "limits", "since", ""],
          objects.map(({ object, state, value, threshold, since, words, lastSeenAt }) => [
            state + (lastSeenAt ? ` (last seen ${timeText(lastSeenAt)})` : ""),
            nameObject(object),
            figureText(value, check.unit),
            limitsText(id, threshold),
            timeText(since),
            words.title,
          ]),
        );
      }),
    );
}
