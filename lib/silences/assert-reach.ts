import { type Reach, reachOf } from "../alerting/could-match.ts";
import type { Matcher } from "../alerting/matcher.ts";
import type { Check } from "../check.ts";
import { AppError } from "../errors.ts";

/** What a person types before nothing at all is told any more. */
export const everythingPhrase = "silence everything";

interface Scope {
  target: string;
  matchers: readonly Matcher[];
}

/** @throws AppError BAD_INPUT for what could never hush anything */
export function assertReach(
  scope: Scope,
  of: { checks: readonly Check[]; targets: readonly string[] },
): Reach {
  const reach = reachOf(scope, of);
  if (reach.checks.length === 0)
    throw new AppError(
      "BAD_INPUT",
      "No check of this console can have these labels: it would silence nothing.",
      {
        hint: "`audit-db checks list` names the checks; a topic is what stands before the dot of a check's id.",
      },
    );
  return reach;
}

/** Of what may not silence guarded checks. @throws AppError BAD_INPUT where it reaches nothing else */
export function assertUnguarded(reach: Reach, checks: readonly Check[]): void {
  const reached = checks.filter(({ id }) => reach.checks.includes(id));
  if (reached.some(({ guarded }) => !guarded)) return;
  throw new AppError(
    "BAD_INPUT",
    `${reached.map(({ title }) => `“${title}”`).join(", ")} watch${reached.length === 1 ? "es" : ""} what protects the audit log: this would silence nothing.`,
    {
      hint: "An administrator may ask for a guarded silence of 24 h at most, which a second one approves.",
    },
  );
}

/** The phrase for what silences everything on every target; undefined for what does not. */
export function phraseFor(
  scope: Scope,
  of: { checks: readonly Check[]; targets: readonly string[] },
): string | undefined {
  return reachOf(scope, of).everything ? everythingPhrase : undefined;
}
