import { connect } from "../audit-db/connect.ts";
import { jobOfHolder } from "../audit-db/structural/work-on-table.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { startJobs } from "../jobs/start-jobs.ts";
import { createLogger } from "../log/log.ts";
import { partitionsJobs } from "../partitions/jobs.ts";
import { type Gate, gateStatements } from "./gate-statements.ts";

/** A place in a job, told by the one before it too: a statement that is tried again for its lock comes to the same places. */
export interface Place {
  before: string | null;
  at: string;
}

/** What it is told on its channel, before it begins. */
export interface PartitionsOrder {
  /** Job → the place at which it stands still, for ever; null for nowhere. */
  stops?: Record<string, Place | null>;
  atATime?: number;
}
/** What it tells: that it has begun, and each place that a job comes to; none for a statement that was refused. */
export type PartitionsReport = "started" | { job: string; place: Place | null; stopped: boolean };

/** A worker that changes partitions and does nothing else, to be killed in the middle. */
const {
  CONSOLE_DATABASE_URL: url = "",
  WATCH_URL: watch = "",
  MAINTENANCE_URL: maintenance = "",
} = process.env;
const logger = createLogger({ level: "error", name: "work-partitions" });
const tell = (report: PartitionsReport) => process.send?.(report);

function stopAt(audit: AuditDb, stops: NonNullable<PartitionsOrder["stops"]>): AuditDb {
  return {
    ...audit,
    reserve: (purpose, options, run) =>
      audit.reserve(purpose, options, (session) => {
        const job = jobOfHolder(options.applicationName) ?? "";
        const stop = stops[job];
        let before: string | null = null;
        const gate: Gate = {
          async pass(at) {
            const place: Place = { before, at };
            before = at;
            const stopped = place.at === stop?.at && place.before === stop.before;
            tell({ job, place, stopped });
            if (stopped) await new Promise(() => {});
          },
          refused: () => tell({ job, place: null, stopped: false }),
        };
        return run({ ...session, sql: gateStatements(session.sql, gate) });
      }),
  };
}

process.once("message", ({ stops, atATime }: PartitionsOrder) => {
  const console = openConsoleDb(url, { max: 8 });
  // Many jobs that stand still would find no connection free.
  const pools = stops && { watch: { max: 16 }, maintenance: { max: 8 } };
  const audit = connect({ target: "audit", urls: { watch, maintenance }, logger, ...(pools && { pools }) });
  const worked = stops ? stopAt(audit, stops) : audit;
  startJobs({
    console,
    url,
    jobs: partitionsJobs,
    schedules: [],
    openTarget: (name) => (name === "audit" ? worked : undefined),
    logger,
    holder: `test:${process.pid}:${Date.now()}`,
    ...(atATime !== undefined && { atATime }),
  });
  tell("started");
});
process.once("disconnect", () => process.exit(0));
