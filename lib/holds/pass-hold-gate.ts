import { sql } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { consoleLocks } from "../db/locks.ts";
import { sqlOf } from "../db/sql-of.ts";
import { AppError } from "../errors.ts";
import { judgeStanding, tokensOf } from "./find-holds.ts";
import { readStanding } from "./read-standing.ts";
import type { Destruction, GateAnswer, GateContext, HeldBy } from "./types.ts";

/**
 * The way to everything that cannot be undone. In one transaction of the console: waits until no hold is being placed,
 * lets none be placed until its end, looks whether one that stands covers what is to be destroyed, and if none does runs
 * `work`, in which the destruction is committed, also where that happens in the target. Short work only: whoever places a
 * hold waits for it.
 *
 * The connection may be lost before `work` has committed in the target, and the lock with it. So what happens there is an
 * effect that says what it `destroys`: placing a hold names each that is not settled (ADR 77).
 * @param work given the gate's own transaction, which is committed after it, and what `ask` answered
 * @param ask reads and locks what the work needs, by statements that travel with the gate's own and so cost no round trip
 * @throws AppError UNAVAILABLE (untouched) when a target could not be asked whether a hold covers its rows; what `work` threw
 */
export function passHoldGate<T, Known = undefined>(
  context: GateContext,
  destructions: readonly Destruction[],
  work: (tx: Tx, known: Known) => Promise<T>,
  ask: (tx: Tx) => Promise<Known> = async () => undefined as Known,
): Promise<GateAnswer<T>> {
  return context.console.db.transaction(async (tx): Promise<GateAnswer<T>> => {
    const session = sqlOf(tx);
    // The server carries statements of one connection out in their order: the second sees what the first waited for.
    // It is idle for as long as the target works.
    const closed = session`
      select set_config('idle_in_transaction_session_timeout', '120s', true),
             pg_advisory_xact_lock_shared(${consoleLocks.holds})`.execute();
    const standing = readStanding(session, tokensOf(destructions));
    const [, found, known] = await Promise.all([closed, standing, ask(tx)]);
    const held = await judgeStanding(context, found, destructions);
    if (held.holds.length > 0 || held.restricted) return { passed: false, ...held };
    return { passed: true, value: await work(tx, known) };
  });
}

/** Waits until nothing is being destroyed, and lets nothing be until the transaction ends: for whoever places a hold or a restriction. */
export async function closeHoldGate(tx: Pick<Tx, "execute">): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.holds})`);
}

/** The same as an error, for what is to be destroyed by an effect. */
export function heldBack({ holds, restricted }: HeldBy): AppError {
  const names = holds.map(({ number, name }) => `#${number} ${name}`);
  const reasons = [
    ...(holds.length > 0 ? [`${holds.length === 1 ? "legal hold" : "legal holds"} ${names.join(", ")}`] : []),
    ...(restricted ? ["a restriction of the person"] : []),
  ];
  return new AppError("CONFLICT", `Nothing was destroyed: it is held by ${reasons.join(" and ")}.`, {
    hint: "It can be done once that is released.",
    untouched: true,
  });
}
