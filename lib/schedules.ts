import type { Tx } from "./db/console-db.ts";
import type { Target } from "./env/targets.ts";
import { purgeIdempotencyJob } from "./events/jobs.ts";
import { defineSchedule, type Schedule } from "./jobs/define-schedule.ts";
import { pruneConsoleJob } from "./jobs/prune-console-job.ts";
import { purgePackagesJob } from "./requests/package/purge-packages-job.ts";
import { listUpkeepSchedules } from "./upkeep/rule-schedule.ts";

/** Everything that begins by the clock of the program's own accord, with these targets. */
export function listSchedules(targets: readonly Pick<Target, "name" | "maintenanceUrl">[]): Schedule[] {
  const maintained = targets.filter(({ maintenanceUrl }) => maintenanceUrl);
  return [
    defineSchedule(pruneConsoleJob, { input: {}, cron: "41 * * * *" }),
    defineSchedule(purgePackagesJob, { input: {}, cron: "23 * * * *" }),
    ...maintained.map(({ name }) =>
      defineSchedule(purgeIdempotencyJob, {
        input: { target: name },
        cron: "11 * * * *",
        jitterSeconds: 600,
      }),
    ),
  ];
}

/** What people set to begin by the clock, with these targets. */
export function listSetSchedules(
  tx: Tx,
  targets: readonly Pick<Target, "name" | "maintenanceUrl">[],
): Promise<Schedule[]> {
  const maintained = targets.filter(({ maintenanceUrl }) => maintenanceUrl);
  return listUpkeepSchedules(
    tx,
    maintained.map(({ name }) => name),
  );
}
