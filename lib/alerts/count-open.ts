import type { Sql } from "postgres";
import { countIncidents, type IncidentCount } from "./count-incidents.ts";
import type { OpenCount } from "./types.ts";

/** Incidents of these targets that fire and are not closed. */
export async function countOpen(sql: Sql, targets: readonly string[]): Promise<OpenCount> {
  const counts = (await countIncidents(sql, targets)).filter(({ condition }) => condition === "firing");
  const sum = (counted: (row: IncidentCount) => boolean) =>
    counts.filter(counted).reduce((total, { count }) => total + count, 0);
  return {
    critical: sum(({ severity }) => severity === "critical"),
    warning: sum(({ severity }) => severity === "warning"),
    notice: sum(({ severity }) => severity === "notice"),
    unattended: sum(({ state }) => state === "open"),
    byTarget: targets.flatMap((target) => {
      const count = sum((row) => row.target === target);
      return count > 0 ? [{ target, count }] : [];
    }),
  };
}
