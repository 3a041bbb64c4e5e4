import type { Actor } from "../auth/actor.ts";
import { assertCan } from "../auth/roles.ts";
import type { Check, Limits } from "../check.ts";
import { AppError } from "../errors.ts";
import { liesBeyond } from "../lies-beyond.ts";
import { describeCheck } from "./describe-check.ts";

/** The longest that people may let it be bad before it fires: for as long as two administrators may silence it. */
const longestForSeconds = 86_400;

interface SetOfGuarded extends Limits {
  for?: number | null | undefined;
}

/** Whether it takes two administrators: a guarded check would speak of less, or later, than by its own limits. */
export function needsSecond(check: Check, set: SetOfGuarded): boolean {
  return check.guarded === true && liesBeyond(describeCheck(check), set);
}

/**
 * Whether somebody may set this of a guarded check: an administrator, and nothing that makes it mute. Each limit that the
 * code has stays one, and it fires within a day; what lies beyond its own limits takes a second administrator. Every other
 * check passes.
 * @throws AppError FORBIDDEN, BAD_INPUT
 */
export function assertGuarded(check: Check, actor: Actor, set?: SetOfGuarded & { approved: boolean }): void {
  if (!check.guarded) return;
  assertCan(actor, "admin");
  if (!set) return;
  for (const name of ["warning", "critical"] as const)
    if (set[name] === null && check.thresholds && check.thresholds[name] !== null)
      throw refuse(name, `“${check.title}” is guarded: its ${name} limit may be another, but not none.`);
  if ((set.for ?? 0) > longestForSeconds)
    throw refuse("for", `“${check.title}” is guarded: it alerts after 24 h at most.`);
  if (needsSecond(check, set) && !set.approved)
    throw new AppError(
      "FORBIDDEN",
      `“${check.title}” is guarded: limits beyond its own, and patience beyond its own, take two administrators.`,
      { hint: "Ask for it as guarded limits: a second administrator approves them in Settings → Approvals." },
    );
}

function refuse(field: string, message: string): AppError {
  return new AppError("BAD_INPUT", message, { fields: { [field]: message } });
}
