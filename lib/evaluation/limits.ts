import type { Sql } from "postgres";
import { z } from "zod";
import { type Check, type CheckObject, type Limits, type LimitsFor, objectKey } from "../check.ts";

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
}

/** The limits of a check on one target. */
export type LimitsOf = (check: Check) => LimitsFor;

/** The code's own limits, where nothing is known of people's. */
export const ownLimits: LimitsOf = (check) => () => limitsOfCode(check);

/** What people set for a target, one question for all its checks. Rows that make no sense are left out. */
export async function readSetLimits(sql: Sql, target: string): Promise<SetLimits[]> {
  const rows = await sql<(Omit<SetLimits, "limits"> & { limits: unknown })[]>`
    select check_id as "checkId", target, object_key as "objectKey", limits
    from check_threshold where target in (${target}, ${everything})`;
  return rows.flatMap((row) => {
    const limits = limitsInput.safeParse(row.limits);
    return limits.success ? { ...row, limits: limits.data } : [];
  });
}

/** The limits that apply on a target: those people set, else the code's. */
export function limitsFrom(rows: readonly SetLimits[], target: string): LimitsOf {
  const find = narrowestOn(rows, target);
  return (check) => (object: CheckObject) => {
    if (!check.thresholds) return none;
    return find(check.id, objectKey(object))?.limits ?? limitsOfCode(check);
  };
}

/** Of limits that people set, those that apply: for the object here, the object anywhere, the target, everywhere. */
export function narrowestOn<Row extends SetLimits>(
  rows: readonly Row[],
  target: string,
): (checkId: string, key: string) => Row | undefined {
  const known = new Map(rows.map((row) => [keyOf(row.checkId, row.target, row.objectKey), row]));
  return (checkId, key) => {
    const places = [
      [target, key],
      [everything, key],
      [target, everything],
      [everything, everything],
    ] as const;
    return places.map(([where, what]) => known.get(keyOf(checkId, where, what))).find(Boolean);
  };
}

const none: Limits = { warning: null, critical: null };

function limitsOfCode({ thresholds }: Check): Limits {
  return thresholds ? { warning: thresholds.warning, critical: thresholds.critical } : none;
}

const keyOf = (...parts: readonly string[]) => JSON.stringify(parts);
