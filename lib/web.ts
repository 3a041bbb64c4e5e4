import { openEngines } from "./audit-db/registry.ts";
import { dropForgedForwarding } from "./auth/client-address.ts";
import { instanceBoard } from "./collector/sampling/instance-board.ts";
import { publishInstance } from "./collector/sampling/instances.ts";
import { consoleDb } from "./db/console-db.ts";
import { refuseNewer } from "./db/refuse-newer.ts";
import { confirmForgetting } from "./engines/forgotten-answers.ts";
import { env } from "./env.ts";
import { openLog } from "./log/process-logger.ts";

const held = globalThis as typeof globalThis & { auditDashboardWeb?: true };

/**
 * What a web process does besides answering, once: tells the others that it lives and how its pools and
 * caches fare, and takes forged forwarding headers off requests unless a proxy in front is trusted.
 */
export async function startWeb(): Promise<void> {
  const { CONSOLE_DATABASE_URL, TRUST_PROXY } = env();
  // A build runs this too, without a database to report to.
  if (held.auditDashboardWeb || !CONSOLE_DATABASE_URL) return;
  held.auditDashboardWeb = true;
  if (TRUST_PROXY === "off") dropForgedForwarding();
  const logger = openLog("web");
  const console = consoleDb({ web: true });
  await refuseNewer(console, (error) => {
    logger.error({ code: error.code, hint: error.hint }, error.message);
    process.exit(1);
  });
  const session = confirmForgetting({ url: CONSOLE_DATABASE_URL, sql: console.sql }, openEngines, {
    kind: "web",
    onError: (err) => logger.warn({ err }, "forgotten answers could not be confirmed"),
  });
  publishInstance({
    board: instanceBoard(console.sql),
    kind: "web",
    session,
    engines: () => Object.fromEntries(openEngines().map((engine) => [engine.target, engine.stats()])),
    onError: (err) => logger.debug({ err }, "the console database takes no report just now"),
  });
}
