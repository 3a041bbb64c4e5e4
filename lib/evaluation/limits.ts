import type { Sql } from "postgres";
import { z } from "zod";
import {
  type Check,
  type CheckObject,
  type Limits,
  type LimitsFor,
  objectKey,
  type Patience,
} from "../check.ts";

/** What stands for every target or every object. */
export const everything = "*";

export const limitsInput = z.strictObject({
  warning: z.number().nullable(),
  critical: z.number().nullable(),
});

/** Limits that a person set. */
export interface SetLimits {
  checkId: string;
  /** A target's name or `*`. */
  target: string;
  /** As `objectKey` gives it, or `*`. */
  objectKey: string;
  limits: Limits;
  /** Null or absent: the check's own. */
  forSeconds?: number | null;
  keepFiringSeconds?: number | null;
}

/** How patient a check is with an object. */
export type PatienceOf = (check: Check, objectKey: string) => Patience;

/** The limits of a check on one target. */
export type LimitsOf = (check: Check) => LimitsFor;

/** The code's own limits, where nothing is known of people's. */
export const ownLimits: LimitsOf = (check) => () => limitsOfCode(check);

/** What people set for a target, one question for all its checks. Rows that make no sense are left out. */
export async function readSetLimits(sql: Sql, target: string): Promise<SetLimits[]> {
  const rows = await sql<(Omit<SetLimits, "limits"> & { limits: unknown })[]>`
    select check_id as "checkId", target, object_key as "objectKey", limits, for_seconds as "forSeconds",
           keep_firing_seconds as "keepFiringSeconds"
    from check_threshold where target in (${target}, ${everything})`;
  return rows.flatMap((row) => {
    const limits = limitsInput.safeParse(row.limits);
    return limits.success ? { ...row, limits: limits.data } : [];
  });
}

/** The limits that apply on a target: those people set, else the code's. */
export function limitsFrom(rows: readonly SetLimits[], target: string): LimitsOf {
  const find = narrowestOn(rows, target);
  const set = new Set(rows.map(({ checkId }) => checkId));
  return (check) => {
    const own = limitsOfCode(check);
    if (!check.thresholds || !set.has(check.id)) return () => own;
    return (object: CheckObject) => find(check.id, objectKey(object))?.limits ?? own;
  };
}

/** The same for how patient checks are: each of both durations by the narrowest that says one. */
export function patienceFrom(rows: readonly SetLimits[], target: string): PatienceOf {
  const findFor = narrowestOn(
    rows.filter(({ forSeconds }) => forSeconds != null),
    target,
  );
  const findKeep = narrowestOn(
    rows.filter(({ keepFiringSeconds }) => keepFiringSeconds != null),
    target,
  );
  return (check, key) => ({
    forMs: (findFor(check.id, key)?.forSeconds ?? check.for ?? 0) * 1_000,
    keepFiringMs: (findKeep(check.id, key)?.keepFiringSeconds ?? check.keepFiringFor ?? 0) * 1_000,
  });
}

/** Of limits that people set, those that apply: for the object here, the object anywhere, the target, everywhere. */
export function narrowestOn<Row extends SetLimits>(
  rows: readonly Row[],
  target: string,
): (checkId: string, key: string) => Row | undefined {
  const byCheck = Map.groupBy(rows, ({ checkId }) => checkId);
  return (checkId, key) => {
    const ofCheck = byCheck.get(checkId);
    if (!ofCheck) return undefined;
    const at = (where: string, what: string) =>
      ofCheck.find((row) => row.target === where && row.objectKey === what);
    return at(target, key) ?? at(everything, key) ?? at(target, everything) ?? at(everything, everything);
  };
}

const none: Limits = { warning: null, critical: null };

function limitsOfCode({ thresholds }: Check): Limits {
  return thresholds ? { warning: thresholds.warning, critical: thresholds.critical } : none;
}
