import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { closeTargets, openEngines } from "./audit-db/registry.ts";
import { keepHouse } from "./collector/keep-house.ts";
import { collectTarget } from "./collector/sampling/collect-target.ts";
import { instanceBoard } from "./collector/sampling/instance-board.ts";
import { publishInstance } from "./collector/sampling/instances.ts";
import { closeConsoleDb, consoleDb } from "./db/console-db.ts";
import { refuseNewer } from "./db/refuse-newer.ts";
import { createLeadership } from "./duties/leadership.ts";
import { openEngine } from "./engines/open-engine.ts";
import { closeSharedCache } from "./engines/open-shared-cache.ts";
import { env } from "./env.ts";
import { keepVault } from "./jobs/keep-vault.ts";
import { purgeAnswers } from "./jobs/purge-answers.ts";
import { closeVault } from "./key-store/open-vault.ts";
import { openLog } from "./log/process-logger.ts";
import { keepDelivering } from "./outbox/keep-delivering.ts";
import { samplers } from "./samplers.ts";

const stopWithinMs = 2_700;
const parentCheckMs = 1_000;

/**
 * The worker process: collects from every target it leads, rolls samples up, keeps partitions and tells that it
 * lives. Any number may run; a duty is done by one of them at a time. Ends on SIGTERM, SIGINT or when its parent
 * dies, within 3 s; outlives restarts of the console database and of every target.
 */
async function main(): Promise<void> {
  const { CONSOLE_DATABASE_URL: consoleUrl, targets } = env();
  const { MASTER_KEY_FILE: masterKeyFile, MASTER_KEY_ROTATION_DAYS } = env();
  const logger = openLog("worker");
  const loggerOf = (module: string) => logger.child({ module });
  const console = consoleDb();
  const { sql } = console;
  if (!consoleUrl) throw new Error("consoleDb() answers only with a URL");
  await refuseNewer(console, (error) => {
    logger.error({ code: error.code, hint: error.hint }, error.message);
    process.exit(1);
  });
  const leadership = createLeadership({
    url: consoleUrl,
    holder: `${hostname()}:${process.pid}:${Date.now()}`,
    logger: loggerOf("leadership"),
  });
  for (const target of targets) {
    const audit = openEngine(target);
    leadership.lead("collector", target.name, (signal) =>
      collectTarget({ sql, audit, samplers, logger: loggerOf("collector") }, signal),
    );
    if (target.maintenanceUrl)
      leadership.lead("answers", target.name, (signal) => purgeAnswers(audit, loggerOf("answers"), signal));
  }
  leadership.lead("outbox", "*", (signal) =>
    keepDelivering(
      {
        console,
        openTarget: (name) => {
          const target = targets.find((candidate) => candidate.name === name);
          return target && openEngine(target);
        },
      },
      loggerOf("outbox"),
      signal,
    ),
  );
  leadership.lead("housekeeping", "*", (signal) => keepHouse(sql, loggerOf("housekeeping"), signal));
  if (masterKeyFile)
    leadership.lead("vault", "*", (signal) =>
      keepVault(
        { sql, masterKeyFile, rotationDays: MASTER_KEY_ROTATION_DAYS, logger: loggerOf("vault") },
        signal,
      ),
    );
  const unpublish = publishInstance({
    board: instanceBoard(sql),
    kind: "worker",
    engines: () => Object.fromEntries(openEngines().map((engine) => [engine.target, engine.stats()])),
    onError: (err) => logger.debug({ err }, "the console database takes no report just now"),
  });

  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, "worker stops");
    const stopped = Promise.all([leadership.stop(), unpublish()])
      .then(() => Promise.all([closeTargets(), closeSharedCache(), closeVault().then(closeConsoleDb)]))
      .catch((err: unknown) => logger.warn({ err }, "worker did not stop cleanly"));
    await Promise.race([stopped, sleep(stopWithinMs, undefined, { ref: false })]);
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  process.once("disconnect", () => void stop("the parent closed its channel"));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) void stop("the parent died");
  }, parentCheckMs).unref();
  logger.info({ targets: targets.map((target) => target.name) }, "worker runs");
}

await main();
