import type { Sql } from "postgres";
import { scanMs } from "../default-rows/scan-ms.ts";
import { readConstraints } from "../facts/read-table.ts";
import { implies } from "../facts/split-condition.ts";
import { freeName } from "../free-name.ts";
import { addConstraintStep } from "../steps/add-constraint.ts";
import { validateConstraintStep } from "../steps/validate-constraint.ts";
import type { StepData } from "../types.ts";
import { type Adoption, named, nameOf } from "./adoption.ts";

/** What keeps ATTACH from reading the default partition under its lock. */
export interface SparedDefault {
  /** Before ATTACH. */
  steps: StepData[];
  /** The CHECK that goes with ATTACH; null where none was added. */
  check: string | null;
  notes: string[];
}

/**
 * A default that takes longer to read than others may be kept waiting gets a CHECK beforehand that leaves the new
 * partition's rows out: the server believes it. As long as it stands, rows of that place are refused instead of kept in the
 * default, so a default that is read quickly is read under the lock as it is.
 */
export async function spareDefault(
  sql: Sql,
  { cut, place, lockTimeoutMs }: Pick<Adoption, "cut" | "place" | "lockTimeoutMs">,
): Promise<SparedDefault> {
  const fallback = cut.default;
  const ms = fallback ? scanMs(fallback.rows ?? 0, fallback.pages) : 0;
  if (!fallback || ms <= lockTimeoutMs) return { steps: [], check: null, notes: [] };
  const table = nameOf(fallback);
  const known = await readConstraints(sql, fallback.oid);
  const left = known.find(
    ({ type, condition }) => type === "c" && implies([condition ?? ""], place.beyond, []),
  );
  const name =
    left?.name ??
    freeName(
      "leaves_out",
      known.map((each) => each.name),
    );
  const validate = validateConstraintStep.of({ table, name, rows: fallback.rows });
  const add = addConstraintStep.of({ table, name, definition: `CHECK ${place.beyond}`, refersTo: null });
  return {
    steps: left?.validated ? [] : left ? [validate] : [add, validate],
    check: name,
    notes: [
      `Reading ${named(fallback)} takes about ${Math.ceil(ms)} ms, longer than others may be kept waiting (${lockTimeoutMs} ms): a CHECK that leaves these rows out is validated beforehand, and ATTACH reads nothing. From that CHECK until it is attached, new rows of this place are refused. With a longer lock timeout the default is read under the lock instead.`,
    ],
  };
}
