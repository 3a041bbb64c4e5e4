import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { instanceBoard } from "../collector/sampling/instance-board.ts";
import { publishInstance } from "../collector/sampling/instances.ts";
import { closeConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { confirmForgetting } from "../engines/forgotten-answers.ts";
import { closeSharedCache } from "../engines/open-shared-cache.ts";
import type { Env } from "../env/parse.ts";
import { env } from "../env.ts";
import { AppError } from "../errors.ts";
import { closeVault, openVault } from "../key-store/open-vault.ts";
import { openLog } from "../log/process-logger.ts";
import { keepNativeTable } from "../upkeep/keep-native.ts";
import { backfillDemo } from "./backfill.ts";
import { pause } from "./loop.ts";
import { seedRequests } from "./seed-requests.ts";
import { shortenPatience } from "./shorten-patience.ts";
import { demoPools, runWorkload } from "./workload.ts";

/** Whatever is still under way when it is to end gets this long. */
const graceMs = 1_500;

const settings = env();
const logger = openLog("demo");
const stopping = new AbortController();
const say = (text: string) => process.stdout.write(`demo: ${text}\n`);

function stop(): void {
  if (stopping.signal.aborted) return;
  stopping.abort();
  setTimeout(() => process.exit(0), graceMs).unref();
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop(), 1_000).unref();

const target = settings.targets.find((candidate) => candidate.demo);
if (!target?.writerUrl || !target.maintenanceUrl) {
  say("there is no demo target with a writer and a maintenance URL; `npm start` makes one");
  process.exit(2);
}
const audit = connect({
  target: target.name,
  urls: {
    watch: target.watchUrl,
    read: target.readerUrl ?? target.watchUrl,
    write: target.writerUrl,
    maintenance: target.maintenanceUrl,
  },
  applicationName: "audit-demo",
  pools: demoPools,
  logger: logger.child({ module: "engine" }),
  vault: openVault(),
});
const unpublish = publish(settings, audit);
if (await fill(audit, settings.dataDir)) {
  await keepAhead(settings, audit).catch((err: unknown) =>
    logger.warn({ err }, "the demo's upkeep or limits could not be set"),
  );
  await askForData(settings, audit).catch((err: unknown) =>
    logger.warn({ err }, "the demo's requests could not be made"),
  );
  await runWorkload(audit, { signal: stopping.signal, logger });
}
await Promise.all([audit.close(), unpublish(), closeVault().then(closeConsoleDb)]);
process.exit(0);

/** Shows this application's pools on the Connections page, as any process that uses the engine can. */
function publish({ CONSOLE_DATABASE_URL }: Env, audit: AuditDb): () => Promise<void> {
  if (!CONSOLE_DATABASE_URL) return async () => {};
  const consoleDb = openConsoleDb(CONSOLE_DATABASE_URL, { max: 1 });
  const session = confirmForgetting({ url: CONSOLE_DATABASE_URL, sql: consoleDb.sql }, () => [audit], {
    kind: "demo",
    onError: (err) => logger.debug({ err }, "forgotten answers could not be confirmed"),
  });
  const unlist = publishInstance({
    board: instanceBoard(consoleDb.sql),
    kind: "demo",
    session,
    engines: () => ({ [audit.target]: audit.stats() }),
    onError: (err) => logger.debug({ err }, "the demo's pool figures could not be published"),
  });
  return async () => {
    await Promise.all([unlist(), session.stop()]);
    await Promise.all([consoleDb.close(), closeSharedCache()]);
  };
}

/** The demo's partitions are made ahead as anybody's are who approved it; what is tried out there shows soon. */
async function keepAhead({ CONSOLE_DATABASE_URL, targets }: Env, audit: AuditDb): Promise<void> {
  if (!CONSOLE_DATABASE_URL) return;
  const consoleDb = openConsoleDb(CONSOLE_DATABASE_URL, { max: 1 });
  try {
    const { database } = await audit.server();
    const auditTargets = targets.map(({ name }) => name);
    await keepNativeTable(consoleDb, {
      ...{ target: audit.target, database, approve: true, by: "demo", now: new Date() },
      auditTargets,
    });
    await shortenPatience(consoleDb, { target: audit.target, auditTargets });
  } finally {
    await consoleDb.close();
  }
}

/** Invented people ask for their data. */
async function askForData({ CONSOLE_DATABASE_URL, targets }: Env, audit: AuditDb): Promise<void> {
  if (!CONSOLE_DATABASE_URL) return;
  const console = openConsoleDb(CONSOLE_DATABASE_URL, { max: 1 });
  try {
    const auditTargets = targets.map(({ name }) => name);
    await seedRequests({ console, audit, auditTargets, now: new Date() });
  } finally {
    await console.close();
  }
}

/** Writes the history, waiting out outages. @returns false when it must not or shall not go on. */
async function fill(audit: AuditDb, dataDir: string): Promise<boolean> {
  let saidShare = -1;
  while (!stopping.signal.aborted) {
    try {
      const beganAt = Date.now();
      const events = await backfillDemo({
        audit,
        dataDir,
        now: new Date(),
        signal: stopping.signal,
        onProgress: ({ day, days }) => {
          const share = Math.floor((day / days) * 4) * 25;
          if (share > saidShare && share < 100) say(`writing thirteen months of made-up events, ${share} %`);
          saidShare = Math.max(saidShare, share);
        },
      });
      if (events > 0 && !stopping.signal.aborted)
        say(
          `${events.toLocaleString("en")} events written in ${Math.round((Date.now() - beganAt) / 1_000)} s`,
        );
      return !stopping.signal.aborted;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === "FORBIDDEN") {
        // Ending would only have it started again.
        say(`${thrown.message} ${thrown.hint ?? ""}`);
        await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve));
        return false;
      }
      if (!(thrown instanceof AppError && thrown.retryable))
        logger.warn({ err: thrown }, "the demo's history could not be written; trying again");
      await pause(3_000, stopping.signal);
    }
  }
  return false;
}
