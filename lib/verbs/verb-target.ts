import type { z } from "zod";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { AppError } from "../errors.ts";
import type { AdminAction } from "./admin-action.ts";

/** The name an input has for `target`, also before its schema has seen it; null for what concerns the whole console. */
export function targetOf(action: AdminAction<z.ZodType, unknown>, input: unknown): string | null {
  if (!action.target || typeof input !== "object" || input === null || !("target" in input)) return null;
  if (action.target === "or all" && input.target === "*") return null;
  return typeof input.target === "string" ? input.target : null;
}

/** The same, of configured targets only: an input that was refused may name anything. */
export function configuredTargetOf(
  action: AdminAction<z.ZodType, unknown>,
  input: unknown,
  auditTargets: readonly string[],
): string | null {
  const target = targetOf(action, input);
  return target !== null && auditTargets.includes(target) ? target : null;
}

/** A token limited to targets acts on those and nowhere else. @throws AppError FORBIDDEN */
export function assertTargetAllowed(
  action: AdminAction<z.ZodType, unknown>,
  actor: Actor,
  input: unknown,
): void {
  if (!actor.targets) return;
  if (!action.target)
    throw new AppError(
      "FORBIDDEN",
      "This token is limited to some targets; this concerns the whole console.",
    );
  const target = targetOf(action, input);
  if (target === null || !actor.targets.includes(target))
    throw new AppError("FORBIDDEN", `This token may act on ${actor.targets.join(", ")} only.`);
}

/** What is about a target that is not there is refused at once, also where only its job would notice. @throws AppError NOT_FOUND */
export function assertConfigured(
  action: AdminAction<z.ZodType, unknown>,
  input: unknown,
  auditTargets: readonly string[],
): void {
  const target = targetOf(action, input);
  if (target !== null && !auditTargets.includes(target))
    throw new AppError("NOT_FOUND", `There is no target named "${target}".`);
}

/** The engine of the verb's target, opened when first asked for. */
export function lazyAudit(target: string | null, open: (name: string) => AuditDb): () => AuditDb {
  let opened: AuditDb | undefined;
  return () => {
    if (target === null) throw new Error("a verb without a target asked for one");
    opened ??= open(target);
    return opened;
  };
}
