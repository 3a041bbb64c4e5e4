import { sqlStateOf } from "../../sql-state.ts";
import { type StepContext, StepHeldUp } from "../define-step.ts";
import { watchStatement } from "../watch-statement.ts";

interface Alone {
  /** 0 for none. */
  lockTimeoutMs?: number;
  /** What is left where its wait is given up, and how it goes on, in words. */
  left?: string;
}

/**
 * Runs one statement outside of a transaction with this limit for its locks, and leaves the session without one. Others
 * are told how far it is and whom it waits for; a wait that goes on beyond the time to work is given up.
 * @throws StepHeldUp that names the sessions it waited for
 */
export async function runAlone(
  context: StepContext,
  statement: string,
  { lockTimeoutMs = 0, left = "" }: Alone = {},
): Promise<void> {
  const { session } = context;
  const limit = (ms: number) => session.sql`select set_config('lock_timeout', ${`${ms}ms`}, false)`;
  await limit(lockTimeoutMs);
  const watched = watchStatement(context);
  try {
    await session.sql.unsafe(statement);
  } catch (thrown) {
    const awaited = watched.givenUp();
    if (awaited === null || sqlStateOf(thrown) !== "57014" || session.signal.aborted) throw thrown;
    throw new StepHeldUp(`It waited for ${awaited} until the time for it was over. ${left}`.trim());
  } finally {
    await watched.end();
    if (watched.givenUp() !== null && !session.signal.aborted) await passCancel(session.sql);
    if (lockTimeoutMs > 0 && !session.signal.aborted) await limit(0).catch(() => {});
  }
}

/** A cancel request that comes late, after the statement has ended by itself, meets this one and none that matters. */
async function passCancel(sql: StepContext["session"]["sql"]): Promise<void> {
  await sql`select pg_sleep(0.1)`.catch(() => {});
}
