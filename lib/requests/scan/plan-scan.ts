import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { AuditDb } from "../../audit-db/types.ts";
import { isAway, whileUp } from "../../audit-db/while-up.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import type { Env } from "../../env/parse.ts";
import { toAppError } from "../../errors.ts";
import { quoteQualified } from "../../quote-sql.ts";
import type { ScanPlace } from "../scan-types.ts";
import { listConsoleSteps } from "../search/list-console-steps.ts";
import { listFileSteps } from "../search/list-file-steps.ts";
import { listTargetSteps } from "../search/list-target-steps.ts";
import type { SearchStep } from "../search/steps.ts";
import { placeOf } from "./place-of.ts";

export interface ScanPlan {
  steps: SearchStep[];
  /** Where there is nothing to look at, and where nobody can and why. */
  others: ScanPlace[];
  /** Why some of it cannot be looked at now, and may later. */
  away: string[];
}

/** Everywhere an identifier may stand: what the console, its targets and its machine have now. */
export async function planScan(
  { sql }: Pick<ConsoleDb, "sql">,
  targets: readonly string[],
  openTarget: (name: string) => Pick<AuditDb, "use" | "target" | "can" | "status" | "onStatus">,
  settings: Pick<Env, "LOG_PATHS" | "EXPORT_PATHS" | "REDIS_URL" | "dataDir">,
): Promise<ScanPlan> {
  const others: ScanPlace[] = [];
  const away: string[] = [];
  const steps: SearchStep[] = [];
  for (const target of targets)
    try {
      const audit = openTarget(target);
      const listed = await whileUp(audit, () => listTargetSteps(audit));
      for (const one of listed.unreadable) {
        const [schema = "", name = ""] = one.split(".");
        const enable = `GRANT SELECT ON ${quoteQualified(schema, name)} TO audit_reader;`;
        others.push(
          placeOf("target", one, target, {
            state: "unknown",
            ground: "The console may not read this table.",
            sql: enable,
          }),
        );
      }
      steps.push(...listed.steps);
      steps.push({ kind: "statements", key: `${target}/statements`, target });
      steps.push({ kind: "activity", key: `${target}/activity`, target });
    } catch (thrown) {
      if (isAway(thrown)) away.push(thrown.message);
      others.push(
        placeOf("target", "the whole target", target, {
          state: "unknown",
          ground: toAppError(thrown).message,
        }),
      );
    }
  steps.push(...(await listConsoleSteps(sql)));
  steps.push({ kind: "statements", key: "console/statements", target: null });
  steps.push({ kind: "activity", key: "console/activity", target: null });
  if (settings.REDIS_URL) steps.push({ kind: "redis", key: "redis" });
  for (const [kind, paths] of [
    ["logs", [...(settings.LOG_PATHS ?? []), ...embeddedLogs(settings.dataDir)]],
    ["exports", settings.EXPORT_PATHS ?? []],
  ] as const) {
    const files = listFileSteps(paths);
    steps.push(...files.steps.map((step) => ({ ...step, key: `${kind}/${step.path}` })));
    others.push(...files.empty.map((one) => placeOf(kind, one, null)));
    for (const one of files.unreadable)
      others.push(
        placeOf(kind, one, null, {
          state: "unknown",
          ground: "The worker may not read it, or it is not there.",
        }),
      );
  }
  return { steps, others, away };
}

/** Logs of the servers that the console itself has started. */
function embeddedLogs(dataDir: string): string[] {
  try {
    return readdirSync(dataDir)
      .map((folder) => path.join(dataDir, folder, "log"))
      .filter((folder) => existsSync(folder));
  } catch {
    return [];
  }
}
