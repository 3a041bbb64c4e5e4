import { consoleOutage } from "../db/console-db.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { AppError } from "../errors.ts";
import type { Actor } from "./actor.ts";

/**
 * What each role may do. Viewer < operator < admin is a ladder. The privacy officer stands beside it: sees
 * what a viewer sees and alone with the admin handles requests of data subjects, but operates nothing. The
 * admin includes it because whoever appoints privacy officers could make one anyway; four eyes on a single
 * request (approver ≠ submitter) are that workflow's rule, not a role.
 */
const grants: Record<Role, readonly Role[]> = {
  viewer: ["viewer"],
  operator: ["viewer", "operator"],
  privacy_officer: ["viewer", "privacy_officer"],
  admin: ["viewer", "operator", "privacy_officer", "admin"],
};

export const roles = ["viewer", "operator", "privacy_officer", "admin"] as const satisfies readonly Role[];

export const roleNames: Record<Role, string> = {
  viewer: "Viewer",
  operator: "Operator",
  privacy_officer: "Privacy officer",
  admin: "Administrator",
};

/** Whether somebody with `role` may do what `needed` may do. */
export function can(role: Role, needed: Role): boolean {
  return grants[role].includes(needed);
}

/** Whether a role may see what a database server itself said: those who can do something about it. */
export function maySeeServerWords(role: Role | undefined): boolean {
  return role !== undefined && can(role, "operator");
}

/**
 * @throws AppError UNAUTHENTICATED without an actor; FORBIDDEN when the role does not reach, or while a
 * one-time password waits to be changed; UNAVAILABLE for somebody remembered during an outage of the console
 * database, unless what is asked needs none.
 */
export function assertCan(
  actor: Actor | null,
  needed: Role,
  options: { beforePasswordChange?: boolean; remembered?: boolean } = {},
): asserts actor is Actor {
  if (!actor) throw new AppError("UNAUTHENTICATED", "Sign in first: this session has ended or never began.");
  if (actor.mustChangePassword && !options.beforePasswordChange) {
    throw new AppError("FORBIDDEN", "Change your one-time password first.", {
      hint: "Open /account/password.",
    });
  }
  if (actor.remembered && !options.remembered) {
    throw consoleOutage() ?? new AppError("UNAVAILABLE", "The console database could not be reached.");
  }
  if (actor.scopes && !actor.scopes.some((scope) => scope !== "append")) {
    throw new AppError("FORBIDDEN", "This token may append events and nothing else.");
  }
  if (!can(actor.role, needed)) {
    throw new AppError(
      "FORBIDDEN",
      `This needs the role ${roleNames[needed]}; ${actor.kind === "user" ? "you are" : "this token acts as"} ${roleNames[actor.role]}.`,
    );
  }
}

/**
 * Events are handed in by programs: a token with the scope `append`, or the product itself.
 * @throws AppError UNAUTHENTICATED, FORBIDDEN
 */
export function assertMayAppend(actor: Actor | null): asserts actor is Actor {
  if (!actor) throw new AppError("UNAUTHENTICATED", "Send an API token with the scope append.");
  const may =
    actor.kind === "system" ||
    (actor.kind === "token" && (actor.role === "admin" || actor.scopes?.includes("append")));
  if (!may) {
    throw new AppError("FORBIDDEN", "Appending events needs a token with the scope append.", {
      hint: "An administrator makes one in Settings, or `audit-db token create --scope append` does.",
    });
  }
}
