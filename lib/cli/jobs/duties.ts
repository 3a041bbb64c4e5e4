import { Command } from "commander";
import { systemActor } from "../../auth/actor.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import { exitStatus } from "../../errors.ts";
import { getDuties } from "../../work/get-duties.ts";
import { action, oneTarget } from "../command.ts";
import { millisecondsText, timeText } from "../output/format.ts";

export function dutiesCommand(): Command {
  return new Command("duties")
    .description("what workers do over and over: who leads it, when it was last done; 7 when one is not done")
    .action(
      action(async (context) => {
        const { out, targetName } = context;
        context.atEnd(closeConsoleDb);
        const duties = (await getDuties(consoleDb(), systemActor("command line"))).filter(
          ({ target }) => targetName === undefined || target === oneTarget(context).name,
        );
        out.document(duties);
        out.table(
          ["duty", "target", "state", "leader", "last done", "every"],
          duties.map((one) => [
            one.duty,
            one.target === "*" ? "console" : one.target,
            one.state === "running" ? out.colors.green(one.state) : out.colors.red(one.state),
            one.leader?.holder ?? "nobody",
            timeText(one.lastBeat),
            millisecondsText(one.everyMs),
          ]),
        );
        for (const { duty, failure } of duties)
          if (failure)
            out.line(`${duty}: ${failure.message || failure.code} (since ${timeText(failure.since)})`);
        return duties.every(({ state }) => state === "running") ? 0 : exitStatus.UNAVAILABLE;
      }),
    );
}
