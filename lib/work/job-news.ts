import type { Channel } from "../db/channel.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { openJobChannel } from "../jobs/job-channel.ts";

/** Pages and routes have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardJobNews?: Channel };

/** This process's one ear for changed jobs, however many follow one. */
export function jobNews({ sql }: Pick<ConsoleDb, "sql">): Channel {
  held.auditDashboardJobNews ??= openJobChannel(sql);
  return held.auditDashboardJobNews;
}
