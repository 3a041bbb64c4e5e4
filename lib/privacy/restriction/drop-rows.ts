import { openConfiguredTarget } from "../../engines/open-target.ts";
import { processLogger } from "../../log/process-logger.ts";
import type { AdminContext } from "../../verbs/admin-context.ts";

/**
 * Forgets, in every process, what was answered from events before a restriction began or ended. Lists and single events are
 * never kept, so what may be left for some seconds otherwise are counts.
 */
export async function dropRows({
  auditTargets,
  openTarget = openConfiguredTarget,
  logger = processLogger(),
}: AdminContext): Promise<void> {
  for (const name of auditTargets)
    try {
      await openTarget(name).dropAnswers({ tags: ["events"] });
    } catch (err) {
      logger.warn({ err, target: name }, "answers could not be dropped everywhere; they end by themselves");
    }
}
