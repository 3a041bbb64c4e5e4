import type { Actor } from "../auth/actor.ts";
import { assertCan } from "../auth/roles.ts";
import type { Check, Limits } from "../check.ts";
import { AppError } from "../errors.ts";

/** The longest that people may let it be bad before it fires: for as long as two administrators may silence it. */
const longestForSeconds = 86_400;

/**
 * Whether somebody may set this of a guarded check: an administrator, and nothing that makes it mute. Each limit that the
 * code has stays one, and it fires within a day. Every other check passes.
 * @throws AppError FORBIDDEN, BAD_INPUT
 */
export function assertGuarded(
  check: Check,
  actor: Actor,
  set?: Limits & { for?: number | null | undefined },
): void {
  if (!check.guarded) return;
  assertCan(actor, "admin");
  if (!set) return;
  for (const name of ["warning", "critical"] as const)
    if (set[name] === null && check.thresholds && check.thresholds[name] !== null)
      throw refuse(name, `“${check.title}” is guarded: its ${name} limit may be another, but not none.`);
  if ((set.for ?? 0) > longestForSeconds)
    throw refuse("for", `“${check.title}” is guarded: it alerts after 24 h at most.`);
}

function refuse(field: string, message: string): AppError {
  return new AppError("BAD_INPUT", message, { fields: { [field]: message } });
}
