import { type RequestKind, requestKinds } from "../../request-law/kinds.ts";
import { counted, dayInWords } from "../../words.ts";
import type { ClearCount } from "../scope/keep-clear.ts";
import type { ScopePolicy, ScopeTarget } from "../scope-types.ts";
import type { RequestDecision } from "../types.ts";
import { isRefused } from "./ask-of-request.ts";

/** What carrying a request out does, said before anybody confirms it. */
export interface ExecutionTold {
  happens: string[];
  stays: string[];
  cannotBeUndone: string[];
}

/** In words, from what was decided and counted: pure. */
export function tellExecution(
  kind: RequestKind,
  { parts }: Pick<RequestDecision, "parts">,
  targets: readonly ScopeTarget[],
  clear: readonly ClearCount[],
): ExecutionTold {
  if (!requestKinds[kind].destructive)
    return {
      happens: [
        "An encrypted package of the person's events is made. Nothing is changed and nothing is sent.",
      ],
      stays: ["Every event stays as it is."],
      cannotBeUndone: [],
    };
  const found = targets.flatMap(({ target, policies }) =>
    policies.map((policy) => ({
      target,
      ...policy,
      part: parts.find((one) => one.target === target && one.policy === policy.policy),
    })),
  );
  const granted = found.filter(({ part }) => part?.decision === "grant");
  const refused = found.filter(({ part }) => part?.decision !== "grant");
  const now = granted.filter(({ outcome }) => outcome === "erasable");
  const inClear = clear
    .filter(({ target, policy }) => !isRefused(parts, target, policy))
    .reduce((sum, { events }) => sum + events, 0);
  return {
    happens: [
      ...now.map(
        ({ target, policy, events }) =>
          `${counted(events, "event")} of ${policy} on ${target} become unreadable: their key is destroyed about a minute after it is marked.`,
      ),
      ...(inClear > 0
        ? [
            `Identifiers are taken out of clear fields of up to ${counted(inClear, "event")}, where no floor keeps them.`,
          ]
        : []),
      ...(granted.length === 0 ? ["No event of the person stands under a key: nothing is destroyed."] : []),
      "Then every place that the console reaches is searched for the person's identifiers.",
    ],
    stays: [
      ...granted.filter(({ outcome }) => outcome !== "erasable").map(tellKept),
      ...refused.map(
        ({ target, policy, events }) => `${counted(events, "event")} of ${policy} on ${target}: refused.`,
      ),
      ...(granted.length > 0
        ? ["Each event's row with its time, action and leaf, which verifies as before."]
        : []),
    ],
    cannotBeUndone:
      now.length + inClear > 0
        ? ["A destroyed key opens nothing again, here or in any copy of the log. Redacted values are gone."]
        : [],
  };
}

function tellKept({ target, policy, outcome, until, holds }: ScopePolicy & { target: string }): string {
  const place = `Events of ${policy} on ${target}`;
  if (outcome === "floor")
    return `${place} until ${until === null ? "their floor ends" : dayInWords(until)}, when their key is destroyed by itself.`;
  if (outcome === "unknown") return `${place}, whose policy the target does not know, until that is settled.`;
  const numbers = holds.map(({ number }) => `#${number}`).join(", ");
  return `${place} while ${numbers === "" ? "they are held" : `hold ${numbers} stands`}; they go by themselves after it.`;
}
