import { Command } from "commander";
import { openTarget } from "../../audit-db/registry.ts";
import { closeConsoleDb, consoleDb } from "../../db/console-db.ts";
import type { Target } from "../../env/targets.ts";
import { AppError, exitStatus, toAppError } from "../../errors.ts";
import { type CountedStates, countStates } from "../../evaluation/count-states.ts";
import { readStates, type StoredState } from "../../evaluation/read-states.ts";
import { counted } from "../../words.ts";
import { action, type CliContext, someTargets } from "../command.ts";
import { timeText } from "../output/format.ts";
import { silent } from "../silent.ts";

export function statusCommand(): Command {
  return new Command("status")
    .description(
      "whether the console and each audit database answer, and how checks stand; 7 when one does not",
    )
    .action(
      action(async (context) => {
        const { out, runtime } = context;
        const states = await readLastStates(context);
        const targets = await Promise.all(
          someTargets(context).map(async (target) => ({
            ...(await readStatus(target)),
            checks: countOf(states, target.name),
          })),
        );
        const running = runtime ? { address: runtime.address, pid: runtime.pid } : null;
        out.document({ console: running, targets });
        out.line(
          running
            ? `Console: running${running.address ? ` at ${running.address}` : ""} (process ${running.pid})`
            : "Console: none runs here",
        );
        out.line();
        out.table(
          ["target", "state", "PostgreSQL", "database", "role", "since", "checks"],
          targets.map((target) => [
            target.name,
            target.state === "up" ? out.colors.green("up") : out.colors.red("down"),
            target.version ?? "–",
            target.database ?? "–",
            target.role ?? "–",
            target.startedAt ? timeText(target.startedAt) : "–",
            target.checks ? checksText(target.checks) : "–",
          ]),
        );
        for (const { name, reason } of targets) if (reason) out.line(`${name}: ${reason}`);
        return targets.every((target) => target.state === "up") ? 0 : exitStatus.UNAVAILABLE;
      }),
    );
}

interface StatusRow {
  name: string;
  state: "up" | "down";
  version: string | null;
  database: string | null;
  user: string | null;
  role: "primary" | "standby" | null;
  startedAt: Date | null;
  answeredInMs: number | null;
  reason: string | null;
}

/** What the leading evaluator wrote last; nothing where the console database cannot be asked. */
async function readLastStates(context: CliContext): Promise<StoredState[]> {
  if (!context.env.CONSOLE_DATABASE_URL) return [];
  context.atEnd(closeConsoleDb);
  const names = someTargets(context).map(({ name }) => name);
  return readStates(consoleDb().sql, names).catch(() => []);
}

function countOf(states: readonly StoredState[], target: string): CountedStates | null {
  const own = states.filter((state) => state.target === target);
  return own.length > 0 ? countStates(own) : null;
}

/** "2 critical, 1 warning"; what is fine is only counted where nothing else is. */
function checksText({ critical, warning, notice, unknown, ok }: CountedStates): string {
  const told = [
    critical > 0 && `${critical} critical`,
    warning > 0 && counted(warning, "warning"),
    notice > 0 && counted(notice, "notice"),
    unknown > 0 && `${unknown} unknown`,
  ].filter((text) => text !== false);
  return told.length > 0 ? told.join(", ") : `${ok} ok`;
}

async function readStatus(target: Target): Promise<StatusRow> {
  const audit = openTarget(target, { logger: silent });
  try {
    await audit.server();
    const began = performance.now();
    await audit.use("watch", "cli.status", (sql) => sql`select 1`);
    const answeredInMs = Math.round((performance.now() - began) * 10) / 10;
    const { version, database, user, inRecovery, startedAt } = await audit.server();
    const role = inRecovery ? "standby" : "primary";
    return {
      name: target.name,
      state: "up",
      version,
      database,
      user,
      role,
      startedAt,
      answeredInMs,
      reason: null,
    };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (!(thrown instanceof AppError)) throw thrown;
    return {
      name: target.name,
      state: "down",
      version: null,
      database: null,
      user: null,
      role: null,
      startedAt: null,
      answeredInMs: null,
      reason: audit.status().reason ?? error.message,
    };
  }
}
