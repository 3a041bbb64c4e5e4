import type { Sql } from "postgres";
import { hostOf } from "../alerting/ping-dead-man.ts";
import { expectedDuties } from "../duties/expected-duties.ts";
import { type DutyCondition, listDuties } from "../duties/list-duties.ts";
import type { Env } from "../env/parse.ts";

/** What tells somebody outside that the console is dead; null: nothing does. */
export interface DeadManState {
  /** Host and port that are pinged. */
  host: string;
  everySeconds: number;
  state: DutyCondition;
  /** The last ping that was answered well; null: none ever was. */
  lastPing: Date | null;
  /** Why the newest was not sent or not answered well, and since when; null while it was. */
  failure: { message: string; since: Date } | null;
}

export async function getDeadMan(
  sql: Sql,
  env: Parameters<typeof expectedDuties>[0] & Pick<Env, "ALERT_PING_URL">,
): Promise<DeadManState | null> {
  const [duty] = expectedDuties(env).filter((each) => each.duty === "ping");
  const [found] = duty ? await listDuties(sql, [duty]) : [];
  if (!found || !env.ALERT_PING_URL) return null;
  const { state, lastBeat, failure, everyMs } = found;
  return {
    host: hostOf(env.ALERT_PING_URL),
    everySeconds: everyMs / 1_000,
    state,
    lastPing: lastBeat,
    failure: failure && { message: failure.message, since: failure.since },
  };
}
