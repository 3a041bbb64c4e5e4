import type { Sql } from "postgres";
import { type LimitsOf, limitsFrom, ownLimits, readSetLimits } from "./limits.ts";
import { readStates, type StoredState } from "./read-states.ts";

/** What an evaluation on demand takes from the console database; it goes on without. */
export interface CheckStore {
  /** People's limits for a target: the last known while the console database is away, else the code's own. */
  limits(target: string): Promise<LimitsOf>;
  /** What the leading evaluator wrote; nothing while the console database is away. */
  states(target: string): Promise<StoredState[]>;
}

const lastLimits = new Map<string, LimitsOf>();

export function createCheckStore(sql: Sql): CheckStore {
  return {
    async limits(target) {
      try {
        const limits = limitsFrom(await readSetLimits(sql, target), target);
        lastLimits.set(target, limits);
        return limits;
      } catch {
        return lastLimits.get(target) ?? ownLimits;
      }
    },
    states: (target) => readStates(sql, [target]).catch(() => []),
  };
}
