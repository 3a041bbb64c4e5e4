import { hostname } from "node:os";
import { openEngines } from "../../audit-db/registry.ts";
import { instanceBoard } from "../../collector/sampling/instance-board.ts";
import { listInstances } from "../../collector/sampling/instances.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { askToForget, type Forgotten, forgetHere } from "../../engines/forgotten-answers.ts";
import { type ListedSession, listProcessSessions, type ProcessName } from "../../engines/process-session.ts";
import { counted } from "../../words.ts";
import type { ScanPlace } from "../scan-types.ts";
import { judgeProcess } from "./judge-process.ts";
import { placeOf } from "./place-of.ts";

const confirmedWithinMs = 3_000;

export interface ConfirmedProcesses {
  places: ScanPlace[];
  /** Processes that have not confirmed; the scan is not done before they have. */
  missing: string[];
}

/**
 * Each process forgets its answers and confirms it, with its id and the time. Nobody can look into another process's memory
 * without telling it what to look for; what was forgotten cannot be found, and whoever asks from now on is answered anew.
 * Who is there is who has a session with the console's database: a frozen process has one, one that ended has none.
 */
export async function confirmProcesses(
  { sql }: Pick<ConsoleDb, "sql">,
  now: Date,
): Promise<ConfirmedProcesses> {
  const isOther = (one: Pick<ProcessName, "pid" | "host">) => one.pid !== process.pid || !isHere(one);
  const all = await listProcessSessions(sql);
  const sessions = all.filter(isOther);
  const without = (await listInstances(instanceBoard(sql))).filter(
    (instance) => isOther(instance) && !all.some((session) => isSame(session, instance)),
  );
  const own = forgetHere(openEngines());
  const confirmed = await askToForget(
    sql,
    {
      backends: sessions.map(({ backend }) => backend),
      others: without.filter(({ silent, session }) => !silent && session == null),
    },
    confirmedWithinMs,
  );
  const places = [placeOf("cache", `this process (${process.pid}), ${tell(own)}`, null)];
  const missing: string[] = [];
  const left: ListedSession[] = [];
  for (const session of sessions) {
    const forgotten = confirmed.find(({ backend }) => backend === session.backend);
    if (forgotten)
      places.push(placeOf("cache", `${nameOf({ ...session, ...forgotten })}, ${tell(forgotten)}`, null));
    else left.push(session);
  }
  const there = left.length > 0 ? await listProcessSessions(sql) : all;
  for (const session of left)
    if (there.some(({ backend }) => backend === session.backend)) missing.push(nameOf(session));
    else
      places.push(
        placeOf(
          "cache",
          `${nameOf(session)}, left while it was asked`,
          null,
          isHere(session) ? ended : cutOff,
        ),
      );
  for (const instance of without) {
    const forgotten = confirmed.find(({ pid, host }) => pid === instance.pid && host === instance.host);
    if (forgotten) {
      places.push(placeOf("cache", `${nameOf(instance)}, ${tell(forgotten)}`, null));
      continue;
    }
    const judged = judgeProcess(instance, { sessions: all, now, isRunning });
    const heard = `${nameOf(instance)}, silent since ${instance.heartbeatAt.toISOString()}`;
    if (judged === "waits") missing.push(nameOf(instance));
    else places.push(placeOf("cache", heard, null, { ended, cut_off: cutOff, silent }[judged]));
  }
  return { places, missing };
}

function isSame(
  { backend, pid, host }: ListedSession,
  instance: Pick<ProcessName, "pid" | "host"> & { session?: number | null },
): boolean {
  return backend === instance.session || (pid === instance.pid && instance.host.startsWith(host));
}

/** A session's name may hold the beginning of a host alone. */
const isHere = ({ host }: Pick<ProcessName, "host">) => hostname().startsWith(host);

/** @returns null for another host's, which cannot be asked */
function isRunning({ pid, host }: Pick<ProcessName, "pid" | "host">): boolean | null {
  if (host !== hostname()) return null;
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

const ended: Partial<ScanPlace> = {
  state: "found",
  ground: "Its session with the console's database ended with it, and so did what it was answered.",
};
const cutOff: Partial<ScanPlace> = {
  state: "found",
  ground:
    "Its session with the console's database has ended. It ended on its host, or was cut off there: then it forgets what it was answered once it notices.",
};
const silent: Partial<ScanPlace> = {
  state: "found",
  ground:
    "It ended, or is stopped where nobody can ask: then it forgets what it was answered once it goes on.",
};
const nameOf = ({ kind, pid, host }: ProcessName) => `${kind} ${pid} on ${host}`;
const tell = ({ answers, at }: Forgotten) => `${counted(answers, "answer")} forgotten, confirmed ${at}`;
