import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { listActions } from "./admin.ts";
import { keepIncidents, missedAfter } from "./alerting/keep-incidents.ts";
import { hushOf, type JudgedAlert } from "./alerting/overlay.ts";
import { pingDeadMan } from "./alerting/ping-dead-man.ts";
import { readOverlay } from "./alerting/read-overlay.ts";
import { recordRounds } from "./alerting/record-round.ts";
import { closeTargets, openEngines } from "./audit-db/registry.ts";
import { delivering as deliveringToChannels } from "./channels/keep-delivering.ts";
import { momentOf } from "./channels/moment.ts";
import { openReach } from "./channels/open-reach.ts";
import { readChannelHealth } from "./channels/read-health.ts";
import { senders } from "./channels/send/senders.ts";
import { tellIncidents } from "./channels/tell-incidents.ts";
import { checks } from "./checks.ts";
import { createHistory } from "./collector/history/history.ts";
import { housekeeping } from "./collector/keep-house.ts";
import { collectTarget } from "./collector/sampling/collect-target.ts";
import { instanceBoard } from "./collector/sampling/instance-board.ts";
import { listInstances, publishInstance } from "./collector/sampling/instances.ts";
import { closeConsoleDb, consoleDb, type Tx } from "./db/console-db.ts";
import { refuseNewer } from "./db/refuse-newer.ts";
import { expectedDuties } from "./duties/expected-duties.ts";
import { inRounds, leadDuties } from "./duties/lead-duties.ts";
import { createLeadership } from "./duties/leadership.ts";
import { listDuties } from "./duties/list-duties.ts";
import { confirmForgetting } from "./engines/forgotten-answers.ts";
import { openEngine } from "./engines/open-engine.ts";
import { closeSharedCache } from "./engines/open-shared-cache.ts";
import { env } from "./env.ts";
import { evaluationRound } from "./evaluation/evaluation-round.ts";
import { confirmHolds } from "./holds/confirm-holds.ts";
import { jobs } from "./job-handlers.ts";
import { startJobs } from "./jobs/start-jobs.ts";
import { keepVault } from "./key-store/keep-vault.ts";
import { findMasterKeys, openMasterKeys } from "./key-store/open-master-keys.ts";
import { closeVault } from "./key-store/open-vault.ts";
import { keepLedger } from "./ledger/keep-ledger.ts";
import { listRedactions } from "./ledger/list-redactions.ts";
import { readLedgerHealth } from "./ledger/read-health.ts";
import { openLog } from "./log/process-logger.ts";
import { delivering } from "./outbox/keep-delivering.ts";
import { beginDueErasures } from "./privacy/erasure/begin-due-erasures.ts";
import { listOpenErasures } from "./privacy/erasure/list-open-erasures.ts";
import { listWaitingHolds } from "./privacy/holds/list-waiting-holds.ts";
import { beginDueRotation } from "./privacy/keys/begin-due-rotation.ts";
import { beginReleasedRedactions } from "./privacy/redaction/begin-released-redactions.ts";
import { carryOnRequests } from "./requests/carry-on-requests.ts";
import { keepRequests } from "./requests/life/keep-requests.ts";
import { listOpenRequests } from "./requests/list-open-requests.ts";
import { keptRequests } from "./requests/work.ts";
import { samplers } from "./samplers.ts";
import { listSchedules, listSetSchedules } from "./schedules.ts";
import { readRules } from "./upkeep-rules/read-rules.ts";
import { expireApprovals } from "./verbs/approvals/expire-approvals.ts";
import { reconcileEffects } from "./verbs/effects/reconcile-effects.ts";

const stopWithinMs = 2_700;
const parentCheckMs = 1_000;

/**
 * The worker process: collects from every target it leads, rolls samples up, keeps partitions, runs jobs and tells that
 * it lives. Any number may run; a duty is done by one of them at a time. Ends on SIGTERM, SIGINT or when its parent
 * dies, within 3 s; outlives restarts of the console database and of every target.
 */
async function main(): Promise<void> {
  const settings = env();
  const { CONSOLE_DATABASE_URL: consoleUrl, targets } = settings;
  const logger = openLog("worker");
  const loggerOf = (module: string) => logger.child({ module });
  const console = consoleDb();
  const { sql } = console;
  if (!consoleUrl) throw new Error("consoleDb() answers only with a URL");
  await refuseNewer(console, (error) => {
    logger.error({ code: error.code, hint: error.hint }, error.message);
    process.exit(1);
  });
  const holder = `${hostname()}:${process.pid}:${Date.now()}`;
  const leadership = createLeadership({
    url: consoleUrl,
    holder,
    logger: loggerOf("leadership"),
  });
  // Followers connect too: who takes over samples at once.
  const engines = new Map(targets.map((target) => [target.name, openEngine(target)]));
  const openTarget = (name: string) => engines.get(name);
  const history = createHistory(sql);
  const instances = () => listInstances(instanceBoard(sql));
  const duties = () => listDuties(sql, expectedDuties(settings));
  const auditTargets = targets.map(({ name }) => name);
  const rotationDays = settings.MASTER_KEY_ROTATION_DAYS;
  const rounds = inRounds.bind(null, { sql, loggerOf });
  leadDuties(leadership, sql, expectedDuties(settings), {
    async collector({ target }, signal) {
      const audit = openTarget(target);
      if (audit) await collectTarget({ sql, audit, samplers, logger: loggerOf("collector") }, signal);
    },
    checks: rounds((logger, { target }) => {
      const audit = openTarget(target);
      if (!audit) return async () => {};
      // What is no target's own is judged with the first.
      const first = target === auditTargets[0];
      return evaluationRound({
        ...{ sql, audit, checks, history, instances, duties, logger },
        upkeep: () => readRules(console.db, [target]),
        channels: async () => (first ? readChannelHealth(sql) : []),
        erasures: () => listOpenErasures(sql, target),
        waitingHolds: async () => (first ? listWaitingHolds(sql) : []),
        requests: async () => (first ? listOpenRequests(sql) : []),
        ledger: () => readLedgerHealth(sql, target),
        redactions: () => listRedactions(sql, target),
        record: recordRounds(),
      });
    }),
    tellings: rounds(() => {
      const titles = new Map(checks.map(({ id, title }) => [id, title]));
      const titleOf = (id: string) => titles.get(id) ?? id;
      const hushes = async (tx: Tx, now: Date) => {
        const facts = await readOverlay(tx, checks, now);
        return (alert: JudgedAlert) => hushOf(alert, facts) !== null;
      };
      return async () => {
        const now = await momentOf({ console });
        await tellIncidents({ console, titleOf, hushes, baseUrl: settings.NEXTAUTH_URL }, now);
      };
    }),
    deliveries: rounds((logger) =>
      deliveringToChannels({
        console,
        masterKeys: findMasterKeys(),
        senders,
        reach: openReach(),
        mail: { url: settings.SMTP_URL, from: settings.SMTP_FROM },
        logger,
        timeoutMs: 15_000,
      }),
    ),
    outbox: rounds((logger) => delivering({ console, openTarget }, logger)),
    effects: rounds((logger) => async () => {
      const verbs = listActions().map(([, action]) => action);
      const found = await reconcileEffects({ console, auditTargets, openTarget, verbs, logger });
      if (found.done + found.failed + found.unknown > 0) logger.info(found, "unknown outcomes looked up");
    }),
    holds: rounds((logger) => async () => {
      const confirmed = await confirmHolds(console, auditTargets);
      if (confirmed > 0) logger.info({ confirmed }, "legal holds are in force");
      const released = await beginReleasedRedactions(console);
      if (released > 0) logger.info({ released }, "redactions go on");
    }),
    approvals: rounds((logger) => async () => {
      const auditTargets = targets.map((target) => target.name);
      const expired = await expireApprovals(console, auditTargets);
      if (expired > 0) logger.info({ expired }, "requests for approval expired");
    }),
    executions: rounds((logger) => async () => {
      const kept = await carryOnRequests(console, keptRequests);
      if (Object.values(kept).some((count) => count > 0)) logger.info(kept, "requests go on");
    }),
    incidents: rounds((logger) => {
      const missedAfterMs = missedAfter(settings.CHECKS_EVERY_SECONDS);
      return async () => {
        const moved = await keepIncidents({ sql, checks, missedAfterMs });
        if (moved.closed + moved.returned + moved.missed > 0)
          logger.info(moved, "incidents moved by the clock");
      };
    }),
    housekeeping: rounds((logger) => housekeeping(sql, logger)),
    vault: rounds((logger) => {
      const rotate = () => beginDueRotation(console);
      const upkeep = { console, masterKeys: openMasterKeys(), rotationDays, rotate, auditTargets, logger };
      return (signal) => keepVault(upkeep, signal);
    }),
    ledger: rounds((_logger, { target }) => {
      const audit = openTarget(target);
      if (!audit) return async () => {};
      return (signal) => keepLedger({ console: sql, audit }, signal);
    }),
    erasures: rounds((logger) => async () => {
      const begun = await beginDueErasures(console);
      if (begun > 0) logger.info({ begun }, "erasures go on");
    }),
    requests: rounds((logger) => keepRequests(console, logger)),
    ping: rounds(() => {
      const { ALERT_PING_URL: url, CHECKS_EVERY_SECONDS: everySeconds } = settings;
      if (!url) return async () => {};
      return (signal) => pingDeadMan({ sql, url, targets: auditTargets, everySeconds }, signal);
    }),
  });
  const working = startJobs({
    console,
    url: consoleUrl,
    jobs,
    schedules: listSchedules(targets),
    setSchedules: (tx) => listSetSchedules(tx, targets),
    openTarget,
    logger: loggerOf("jobs"),
    holder,
  });
  const session = confirmForgetting({ url: consoleUrl, sql }, openEngines, {
    kind: "worker",
    onError: (err) => logger.warn({ err }, "forgotten answers could not be confirmed"),
  });
  const unpublish = publishInstance({
    board: instanceBoard(sql),
    kind: "worker",
    session,
    engines: () => Object.fromEntries(openEngines().map((engine) => [engine.target, engine.stats()])),
    onError: (err) => logger.debug({ err }, "the console database takes no report just now"),
  });

  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, "worker stops");
    const stopped = Promise.all([leadership.stop(), working.stop(), unpublish(), session.stop()])
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
  logger.info({ targets: auditTargets }, "worker runs");
}

await main();
