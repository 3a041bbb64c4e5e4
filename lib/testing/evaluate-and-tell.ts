import { recordRound } from "../alerting/record-round.ts";
import { connect } from "../audit-db/connect.ts";
import { tellIncidents } from "../channels/tell-incidents.ts";
import { createHistory } from "../collector/history/history.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { createLeadership } from "../duties/leadership.ts";
import { pause } from "../duties/pause.ts";
import { evaluationRound } from "../evaluation/evaluation-round.ts";
import { createLogger } from "../log/log.ts";
import { parcelCheck, parcelTelling } from "./parcel-check.ts";

/** A worker that evaluates parcels and tells of them, round after round, to be killed. With TELLS=no it never tells. */
const { CONSOLE_DATABASE_URL: url = "", TARGET_URL: targetUrl = "", TELLS = "yes" } = process.env;
const logger = createLogger({ level: "silent", name: "evaluate-and-tell" });
const console = openConsoleDb(url, { max: 4 });
const { sql } = console;
const audit = connect({ target: "t", urls: { watch: targetUrl }, logger });
const leadership = createLeadership({
  url,
  holder: `test:${process.pid}:${Date.now()}`,
  logger,
  timing: { tickMs: 200, giveUpMs: 4_000, leaseSeconds: 5 },
});
const rounds = (duty: string, target: string, work: (signal: AbortSignal) => Promise<unknown>) =>
  leadership.lead(duty, target, async (signal) => {
    while (!signal.aborted) {
      await work(signal).catch(() => {});
      await pause(100, signal);
    }
  });
rounds(
  "checks",
  "t",
  evaluationRound({
    ...{ sql, audit, checks: [parcelCheck], history: createHistory(sql), logger, record: recordRound },
    ...{ instances: async () => [], upkeep: async () => [] },
  }),
);
if (TELLS === "yes") rounds("tellings", "*", () => tellIncidents({ console, ...parcelTelling }));
process.once("disconnect", () => process.exit(0));
