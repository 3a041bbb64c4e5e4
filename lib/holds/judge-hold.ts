import type { Destruction, JudgedHold } from "./types.ts";

/** What only the target's rows can tell: whether one of them meets all of this. */
export interface HoldQuestion {
  /** Rows of these tokens; null: whoever stands in them. */
  tokens: readonly string[] | null;
  /** Rows in which one of these stands as well; null: whoever does. */
  people: readonly string[] | null;
  /** Any of these; null: all. */
  policies: readonly string[] | null;
  events: Destruction["events"];
  organizations: readonly string[] | null;
  actions: readonly string[] | null;
  from: Date | null;
  to: Date | null;
}

/** `covers`: whatever rows there are. */
export type HoldJudgement = "covers" | "misses" | HoldQuestion;

/**
 * Whether a hold covers a destruction, as far as that is decided without the target's rows. A hold about a person covers
 * every event they stand in, so also what others have there under keys of their own.
 * @param tokensOf living tokens of a subject
 */
export function judgeHold(
  { scope, subject }: Pick<JudgedHold, "scope" | "subject">,
  { target, policy, tokens, events }: Destruction,
  tokensOf: (subject: string) => readonly string[],
): HoldJudgement {
  const people = subject === null ? null : tokensOf(subject);
  const known = policy !== "?";
  if (
    (tokens.length === 0 && !events) ||
    people?.length === 0 ||
    (scope.targets && !scope.targets.includes(target)) ||
    (known && scope.policies && !scope.policies.includes(policy))
  )
    return "misses";
  const { organizations = null, actions = null } = scope;
  const from = scope.from ? new Date(scope.from) : null;
  const to = scope.to ? new Date(scope.to) : null;
  const theirs = people === null || tokens.some((token) => people.includes(token));
  const asked = organizations ?? actions ?? from ?? to ?? (known ? null : (scope.policies ?? null));
  if (asked === null && theirs) return "covers";
  return {
    tokens: events ? null : tokens,
    people,
    policies: known ? [policy] : (scope.policies ?? null),
    events,
    organizations,
    actions,
    from,
    to,
  };
}
