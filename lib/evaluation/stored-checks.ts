import type { Sql } from "postgres";
import type { CheckState } from "../check.ts";
import { everything, limitsInput, type SetLimits } from "./limits.ts";
import {
  stateColumns as columns,
  readEvaluations,
  revived,
  type StoredEvaluation,
  type StoredState,
} from "./read-states.ts";

/** Objects of a check on a target that stand alike. */
export interface CountedState {
  target: string;
  checkId: string;
  state: CheckState;
  objects: number;
  /** Of these, how many an incomplete answer has not named since. */
  unconfirmed: number;
}

/** Limits that a person set, and who when. */
export interface SetThreshold extends SetLimits {
  setByName: string;
  setAt: Date;
}

/** Which states are worse, best first, and which checks' low figures are. */
export interface Ranking {
  states: readonly CheckState[];
  falling: readonly string[];
}

/**
 * What the leading evaluator wrote and what people set, without the many objects that stand well. It answers for the
 * targets it is given: who asks names only those that the actor may see.
 */
export interface StoredChecks {
  evaluations(targets: readonly string[]): Promise<StoredEvaluation[]>;
  counts(targets: readonly string[]): Promise<CountedState[]>;
  /** The worst object of each check on each target: by state, then figure, then what has lasted longest. */
  worst(targets: readonly string[], ranking: Ranking): Promise<StoredState[]>;
  /** The objects of one check in that order. */
  objects(
    of: { checkId: string; target: string; limit: number; offset: number },
    ranking: Ranking,
  ): Promise<StoredState[]>;
  /** Those of a check that have a figure which was compared. */
  figures(of: { checkId: string; targets: readonly string[] }): Promise<StoredState[]>;
  /** What people set for these targets and for every target. */
  thresholds(targets: readonly string[]): Promise<SetThreshold[]>;
}

/** Reads through the console database's raw client. */
export function createStoredChecks(sql: Sql): StoredChecks {
  const worstFirst = ({ states, falling }: Ranking) => sql`
    array_position(${[...states]}::text[], state) desc,
    case when check_id = any(${[...falling]}::text[]) then value else -value end nulls last, since, object_key`;
  return {
    evaluations: (targets) => readEvaluations(sql, targets),
    counts: (targets) => sql<CountedState[]>`
      select target, check_id as "checkId", state, count(*)::int as objects,
             count(*) filter (where not confirmed)::int as unconfirmed
      from check_state where target = any(${[...targets]}) group by target, check_id, state`,
    async worst(targets, ranking) {
      return revived(
        await sql<StoredState[]>`
        select distinct on (target, check_id) ${columns(sql)} from check_state where target = any(${[...targets]})
        order by target, check_id, ${worstFirst(ranking)}`,
      );
    },
    async objects({ checkId, target, limit, offset }, ranking) {
      return revived(
        await sql<StoredState[]>`
        select ${columns(sql)} from check_state where target = ${target} and check_id = ${checkId}
        order by ${worstFirst(ranking)} limit ${limit} offset ${offset}`,
      );
    },
    async figures({ checkId, targets }) {
      return revived(
        await sql<StoredState[]>`
        select ${columns(sql)} from check_state
        where check_id = ${checkId} and target = any(${[...targets]}) and value is not null and threshold is not null
          and state in ('ok', 'warning', 'critical')`,
      );
    },
    async thresholds(targets) {
      const rows = await sql<SetThreshold[]>`
        select check_id as "checkId", target, object_key as "objectKey", limits, for_seconds as "forSeconds",
               keep_firing_seconds as "keepFiringSeconds", set_by_name as "setByName",
               set_at as "setAt"
        from check_threshold where target = any(${[everything, ...targets]})`;
      return rows.filter(({ limits }) => limitsInput.safeParse(limits).success);
    },
  };
}
