import type { CapabilityFacts } from "./capability-facts.ts";
import { quoteIdentifier } from "./quote-sql.ts";

export type CapabilityState = "present" | "missing" | "unknown";

export type CapabilityArea = "server" | "statistics" | "audit" | "connections" | "console";

/** How a capability stands on a target. */
export interface CapabilityStanding {
  state: CapabilityState;
  /** What was seen that says so. */
  evidence: string;
  /** SQL or setting that would enable it, for a person to run; null when present or nothing can be run. */
  enable: string | null;
}

/** One thing the console can do on a target, what it takes, and whether that is there. */
export interface Capability extends CapabilityStanding {
  /** Stable name, e.g. `pg_stat_statements`. */
  id: string;
  area: CapabilityArea;
  title: string;
  /** What it is for: the pages and verbs that rest on it. */
  purpose: string;
  /** What it takes, in words. */
  needs: string;
  /** Without it the target cannot be watched at all. */
  required: boolean;
}

/**
 * A capability before a target was looked at, and how it is judged. Topics export theirs from `capabilities.ts`;
 * `lib/capabilities/list-capabilities.ts` names them all. What could not be asked is `unknown`, with the reason as its
 * evidence. `enable` of what is present need not be left out.
 */
export interface CapabilityCheck extends Omit<Capability, keyof CapabilityStanding | "required"> {
  required?: true;
  examine(facts: CapabilityFacts): CapabilityStanding;
}

/** The state that an answer of the server's gives; null or undefined: it was not asked. */
export function stateOf<T>(answer: T | null | undefined, isPresent: (answer: T) => boolean): CapabilityState {
  if (answer === null || answer === undefined) return "unknown";
  return isPresent(answer) ? "present" : "missing";
}

/** Evidence of what could not be asked. */
export function whyUnasked({ status }: Pick<CapabilityFacts, "status">): string {
  return `Not asked: ${status.reason ?? "the target cannot be reached"}`;
}

/** The statement that gives a role to the one that watches. */
export function grantToWatcher(role: string, { server }: Pick<CapabilityFacts, "server">): string {
  return `GRANT ${role} TO ${server ? quoteIdentifier(server.user) : "the_watching_role"};`;
}

/** Judges a connection that only has to be configured, with a login that has the given role. */
export function examineUrl(
  purpose: keyof CapabilityFacts["purposes"],
  variable: string,
  role: string,
): CapabilityCheck["examine"] {
  return ({ purposes }) => ({
    state: purposes[purpose] ? "present" : "missing",
    evidence: `${variable} is ${purposes[purpose] ? "set" : "not set"}`,
    enable: `CREATE ROLE console_${role} LOGIN PASSWORD '…' IN ROLE ${role};  -- then set ${variable}`,
  });
}
