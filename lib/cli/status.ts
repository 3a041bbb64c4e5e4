import { Command } from "commander";
import { openTarget } from "../audit-db/registry.ts";
import type { Target } from "../env/targets.ts";
import { AppError, exitStatus, toAppError } from "../errors.ts";
import { action, someTargets } from "./command.ts";
import { timeText } from "./format.ts";
import { silent } from "./silent.ts";

export function statusCommand(): Command {
  return new Command("status")
    .description("whether the console and each audit database answer; 7 when one does not")
    .action(
      action(async (context) => {
        const { out, runtime } = context;
        const targets = await Promise.all(someTargets(context).map(readStatus));
        const running = runtime ? { address: runtime.address, pid: runtime.pid } : null;
        out.document({ console: running, targets });
        out.line(
          running
            ? `Console: running${running.address ? ` at ${running.address}` : ""} (process ${running.pid})`
            : "Console: none runs here",
        );
        out.line();
        out.table(
          ["target", "state", "PostgreSQL", "database", "role", "since"],
          targets.map((target) => [
            target.name,
            target.state === "up" ? out.colors.green("up") : out.colors.red("down"),
            target.version ?? "–",
            target.database ?? "–",
            target.role ?? "–",
            target.startedAt ? timeText(target.startedAt) : "–",
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
