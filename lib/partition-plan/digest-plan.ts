import { createHash } from "node:crypto";
import type { PlannedStep } from "./types.ts";

/** SHA-256, in hexadecimal, over what is done and what it rests on: not over sessions, rows or estimates. */
export function digestPlan(steps: readonly PlannedStep[], witnesses: readonly string[]): string {
  const said = { steps: steps.map(({ sql, step: { kind } }) => [kind, sql]), witnesses };
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}
