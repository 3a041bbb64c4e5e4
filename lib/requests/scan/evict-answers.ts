import { reachSharedCache } from "../../answers/reach-shared-cache.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { toAppError } from "../../errors.ts";

/** Has the second level, and by it every process, forget what it was answered. @returns why it could not be told, or null */
export async function dropEverywhere(
  targets: readonly string[],
  openTarget: (name: string) => Pick<AuditDb, "dropAnswers">,
): Promise<string | null> {
  await reachSharedCache();
  let problem: string | null = null;
  for (const target of targets)
    try {
      await openTarget(target).dropAnswers({ tags: ["*"] });
    } catch (thrown) {
      problem ??= toAppError(thrown).message;
    }
  return problem;
}
