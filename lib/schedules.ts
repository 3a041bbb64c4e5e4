import type { Target } from "./env/targets.ts";
import { purgeIdempotencyJob } from "./events/jobs.ts";
import { defineSchedule, type Schedule } from "./jobs/define-schedule.ts";
import { pruneConsoleJob } from "./jobs/prune-console-job.ts";

/** Everything that begins by the clock, with these targets. */
export function listSchedules(targets: readonly Pick<Target, "name" | "maintenanceUrl">[]): Schedule[] {
  const maintained = targets.filter(({ maintenanceUrl }) => maintenanceUrl);
  return [
    defineSchedule(pruneConsoleJob, { input: {}, cron: "41 * * * *" }),
    ...maintained.map(({ name }) =>
      defineSchedule(purgeIdempotencyJob, {
        input: { target: name },
        cron: "11 * * * *",
        jitterSeconds: 600,
      }),
    ),
  ];
}
