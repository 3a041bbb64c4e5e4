import { hostname } from "node:os";
import { reachSharedCache } from "../../answers/reach-shared-cache.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { instanceBoard } from "../../collector/sampling/instance-board.ts";
import { listLiveInstances } from "../../collector/sampling/instances.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { toAppError } from "../../errors.ts";
import { counted } from "../../words.ts";
import type { ScanPlace } from "../scan-types.ts";
import { placeOf } from "./place-of.ts";

/**
 * Has every process forget what it was answered of every target. Nobody can look into another process's memory without
 * telling it what to look for, so nothing is left there to be found: whoever asks from now on is answered anew.
 */
export async function evictAnswers(
  { sql }: Pick<ConsoleDb, "sql">,
  targets: readonly string[],
  openTarget: (name: string) => Pick<AuditDb, "dropAnswers">,
): Promise<ScanPlace[]> {
  await reachSharedCache();
  let problem: string | null = null;
  for (const target of targets)
    try {
      await openTarget(target).dropAnswers({ tags: ["*"] });
    } catch (thrown) {
      problem ??= toAppError(thrown).message;
    }
  const instances = await listLiveInstances(instanceBoard(sql));
  const own = `this process (${process.pid})`;
  const others = instances
    .filter(({ pid, host }) => pid !== process.pid || host !== hostname())
    .map(({ kind, pid, host, engines }) => {
      const held = Object.values(engines).reduce((sum, { cache }) => sum + cache.entries, 0);
      return `${kind} ${pid} on ${host}, ${counted(held, "answer")} forgotten`;
    });
  return [own, ...others].map((where) =>
    placeOf("cache", where, null, {
      ...(problem !== null && {
        state: "unknown",
        ground: `It could not be told to forget its answers; they end by themselves within ten minutes. ${problem}`,
      }),
    }),
  );
}
