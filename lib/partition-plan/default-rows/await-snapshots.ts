import { setTimeout as pause } from "node:timers/promises";
import { type StepContext, StepHeldUp } from "../define-step.ts";
import { blockerWords, findSnapshots } from "../find-blockers.ts";
import type { Blocker } from "../types.ts";

const lookEveryMs = 50;
/** Then the sessions in the way are named, and the step is tried again later. */
const longestMs = 10_000;

/**
 * Waits until no transaction reads by a snapshot that it had when this was called; blocks nobody. One that keeps its
 * snapshot (REPEATABLE READ, SERIALIZABLE, a cursor) would look for moved rows in a partition where it sees none.
 * @param relation whose rows move, qualified and quoted
 * @throws StepHeldUp that names the sessions, after 10 s
 */
export async function awaitSnapshots(
  { session, watch, signal, log }: Pick<StepContext, "session" | "watch" | "signal" | "log">,
  relation: string,
): Promise<void> {
  const held = () => watch((sql) => findSnapshots(sql, relation, session.backend.pid));
  let waiting = await held();
  if (waiting.length > 0) log(`Waits for older snapshots: ${wordsOf(waiting)}.`);
  const until = Date.now() + longestMs;
  while (waiting.length > 0) {
    if (Date.now() > until)
      throw new StepHeldUp(`${wordsOf(waiting)}. It could miss rows that move: wait for its end, or end it.`);
    await pause(lookEveryMs, undefined, { signal });
    const now = new Set((await held()).map(idOf));
    // Once it was seen without a snapshot, or in another transaction, it has none of then.
    waiting = waiting.filter((one) => now.has(idOf(one)));
  }
}

const idOf = ({ pid, start, since }: Blocker) => `${pid} ${+start} ${since === null ? "" : +since}`;

const wordsOf = (held: readonly Blocker[]) => held.slice(0, 3).map(blockerWords).join("; ");
