import type { Env } from "../env/parse.ts";
import { env } from "../env.ts";
import { createLogger, type ProcessLogger } from "./log.ts";

export type ProcessName = "web" | "worker" | "demo" | "start" | "cli";

// Next gives instrumentation, pages and route handlers module instances of their own; only globalThis is shared.
const held = globalThis as typeof globalThis & { auditDashboardLogger?: ProcessLogger };

/**
 * Makes the log of this process under the name of its program. Every entry calls it before anything else logs; where a
 * process has two (what is preloaded before Next, and Next's own), the first makes it.
 */
export function openLog(
  name: ProcessName,
  settings: Pick<Env, "LOG_LEVEL" | "LOG_FORMAT"> = env(),
): ProcessLogger {
  held.auditDashboardLogger ??= createLogger({
    level: settings.LOG_LEVEL,
    name,
    pretty: settings.LOG_FORMAT === "pretty",
  });
  return held.auditDashboardLogger;
}

/** The log of this process; a part writes to a child of it that is named: `processLogger().child({ module: "auth" })`. */
export function processLogger(): ProcessLogger {
  // A build has no entry of ours, it runs what the pages' process would.
  return openLog("web");
}
