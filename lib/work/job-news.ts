import type { ConsoleDb } from "../db/console-db.ts";
import { type JobChannel, openJobChannel } from "../jobs/job-channel.ts";

/** Pages and routes have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardJobNews?: JobChannel };

/** This process's one ear for changed jobs, however many follow one. */
export function jobNews({ sql }: Pick<ConsoleDb, "sql">): JobChannel {
  held.auditDashboardJobNews ??= openJobChannel(sql);
  return held.auditDashboardJobNews;
}
