import { setTimeout as pause } from "node:timers/promises";
import { isTableBusy, workOnTable } from "../audit-db/structural/work-on-table.ts";
import type { CarryOutOptions } from "./carried-state.ts";
import { createRun } from "./create-run.ts";
import type { StepOutcome } from "./types.ts";

const longestDelayMs = 30_000;
/** Whether somebody still works on the table is asked more often: it costs one session and no lock. */
const longestBusyDelayMs = 3_000;

/**
 * Carries a plan out, step by step, each looked at first: after a crash it goes on, whatever the worker had noted. It holds
 * the table's structural lock while it works and not while it waits to try again. What every process knows of partitions
 * is forgotten with each round that changed any.
 * @returns an outcome for each step, in the plan's order
 * @throws AppError CONFLICT with the plan as it is now, where that is another one; UNAVAILABLE when the session was lost; the signal's reason
 */
export async function carryOut(options: CarryOutOptions): Promise<StepOutcome[]> {
  const { audit, plan, jobId, until, signal } = options;
  const waitUntil =
    options.waitUntil ?? ((at: Date) => pause(Math.max(0, at.getTime() - Date.now()), undefined, { signal }));
  const run = createRun(options);
  for (let delayMs = run.delayMs(); ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
    const retryAt = retryMoment(delayMs, until);
    const work = {
      table: plan.table,
      name: "partitions.carry_out",
      ...(jobId !== undefined && { jobId }),
      statementTimeoutMs: 0,
      lockTimeoutMs: 0,
      signal,
    };
    try {
      await workOnTable(audit, work, (session) => run.round(session, retryAt));
    } catch (thrown) {
      if (!isTableBusy(thrown)) throw thrown;
      run.block(thrown.message, retryAt);
      delayMs = Math.min(delayMs, longestBusyDelayMs / 2);
    } finally {
      await run.forget();
    }
    await run.keep(Math.min(delayMs * 2, longestDelayMs));
    if (retryAt === null || run.open().length === 0) return run.outcomes();
    await waitUntil(retryAt);
  }
}

/** Null when the window is over by then. */
function retryMoment(delayMs: number, until: Date): Date | null {
  const at = Date.now() + delayMs * (1 + Math.random());
  return at < until.getTime() ? new Date(at) : null;
}
