import { hostname } from "node:os";
import { reachSharedCache } from "../../answers/reach-shared-cache.ts";
import { openEngines } from "../../audit-db/registry.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { instanceBoard } from "../../collector/sampling/instance-board.ts";
import { listInstances } from "../../collector/sampling/instances.ts";
import type { InstanceReport } from "../../collector/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { askToForget, type Forgotten, forgetHere } from "../../engines/forgotten-answers.ts";
import { toAppError } from "../../errors.ts";
import { counted } from "../../words.ts";
import type { ScanPlace } from "../scan-types.ts";
import { placeOf } from "./place-of.ts";

const confirmedWithinMs = 5_000;
/** The longest that any answer is kept for. */
const answersEndMs = 600_000;

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

export interface ConfirmedProcesses {
  places: ScanPlace[];
  /** Processes that have not confirmed; the scan is not done before they have. */
  missing: string[];
}

/**
 * Each process forgets its answers and confirms it, with its id and the time. Nobody can look into another process's memory
 * without telling it what to look for; what was forgotten cannot be found, and whoever asks from now on is answered anew. One
 * that fell silent counts once the last of what it held has ended by itself.
 */
export async function confirmProcesses(
  { sql }: Pick<ConsoleDb, "sql">,
  now: Date,
): Promise<ConfirmedProcesses> {
  const isOwn = ({ pid, host }: Pick<InstanceReport, "pid" | "host">) =>
    pid === process.pid && host === hostname();
  const others = (await listInstances(instanceBoard(sql))).filter((instance) => !isOwn(instance));
  const own = forgetHere(openEngines());
  const confirmed = await askToForget(
    sql,
    others.filter(({ silent }) => !silent),
    confirmedWithinMs,
  );
  const places = [placeOf("cache", `this process (${process.pid}), ${tell(own)}`, null)];
  const missing: string[] = [];
  for (const instance of others) {
    const { kind, host, pid, silent, heartbeatAt } = instance;
    const name = `${kind} ${pid} on ${host}`;
    const forgotten = confirmed.find((one) => one.pid === pid && one.host === host);
    if (forgotten) places.push(placeOf("cache", `${name}, ${tell(forgotten)}`, null));
    else if (silent && now.getTime() - heartbeatAt.getTime() > answersEndMs)
      places.push(
        placeOf("cache", `${name}, silent since ${heartbeatAt.toISOString()}`, null, {
          state: "found",
          ground: "It is gone, or stopped: the last of what it was answered has ended by itself since.",
        }),
      );
    else missing.push(name);
  }
  return { places, missing };
}

const tell = ({ answers, at }: Forgotten) => `${counted(answers, "answer")} forgotten, confirmed ${at}`;
