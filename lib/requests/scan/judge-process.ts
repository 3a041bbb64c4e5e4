import type { InstanceReport } from "../../collector/types.ts";
import type { ListedSession } from "../../engines/process-session.ts";

/** One that fell silent, and of which nobody can know more, is waited for so long and then listed. */
const waitedForMs = 600_000;

export interface ProcessFacts {
  /** Every session of a process that the console's database has now. */
  sessions: readonly Pick<ListedSession, "since">[];
  now: Date;
  /** Whether it runs; null: on another host, where nobody can ask. */
  isRunning(instance: Pick<InstanceReport, "pid" | "host">): boolean | null;
}

/**
 * What is known of a process that was heard of, and has no session with the console's database: where it had one, and another
 * session proves that the server has gone on since it was last heard (a restart or a fail-over ends the session of a frozen
 * process as well), it `ended`, as this host shows, or is `cut_off` on another: somebody may have ended its session alone.
 * Whatever else fell silent `waits`, and is `silent` after a while.
 */
export function judgeProcess(
  instance: Pick<InstanceReport, "pid" | "host" | "silent" | "heartbeatAt" | "session">,
  { sessions, now, isRunning }: ProcessFacts,
): "ended" | "cut_off" | "silent" | "waits" {
  const { session, silent, heartbeatAt } = instance;
  const serverWentOn = sessions.some(({ since }) => since <= heartbeatAt);
  if (session != null && serverWentOn) {
    const running = isRunning(instance);
    if (!running) return running === null ? "cut_off" : "ended";
  }
  return silent && now.getTime() - heartbeatAt.getTime() > waitedForMs ? "silent" : "waits";
}
