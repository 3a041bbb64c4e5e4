import type { State } from "@/components/ui/state-badge.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { formatDate } from "@/lib/client/format-time.ts";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import type { ScopePolicy, ScopeTarget } from "@/lib/requests/scope-types.ts";
import { counted } from "@/lib/words.ts";

const bases: Record<string, string> = {
  consent: "consent (6(1)(a))",
  contract: "contract (6(1)(b))",
  legal_obligation: "legal obligation (6(1)(c))",
  vital_interest: "vital interest (6(1)(d))",
  public_task: "public task (6(1)(e))",
  legitimate_interest: "legitimate interest (6(1)(f))",
};

/** Art. 6(1), as the controller says for the policy. */
export function basisWords(basis: string | null): string {
  return basis === null ? "basis not said" : (bases[basis] ?? basis.replaceAll("_", " "));
}

const day = (at: string) => formatDate(new Date(at), "utc");

type Judged = Pick<
  ScopePolicy,
  "outcome" | "until" | "holds" | "restricted" | "quarantined" | "held" | "floored"
>;

/** What would happen to a policy's events if the request were granted, and how sure that is. */
export function outcomeOf(kind: RequestKind, policy: Judged): { state: State; words: string } {
  if (kind !== "erasure") return { state: "ok", words: "handed out" };
  switch (policy.outcome) {
    case "erasable":
      return { state: "ok", words: "erased at once" };
    case "floor":
      return {
        state: "notice",
        words: policy.until ? `erased on ${day(policy.until)}` : "erased when its floor ends",
      };
    case "held":
      return { state: "warning", words: `kept: ${heldWords(policy)}` };
    case "unknown":
      return { state: "unknown", words: "policy unknown there" };
  }
}

/** What holds it, in words: "hold #3, a restriction". */
export function heldWords({ holds, restricted, quarantined }: Judged): string {
  const words = [
    ...(holds.length > 0 ? [`hold ${holds.map(({ number }) => `#${number}`).join(", ")}`] : []),
    ...(restricted ? ["a restriction"] : []),
    ...(quarantined > 0 ? [`${counted(quarantined, "event")} in quarantine`] : []),
  ];
  return words.length > 0 ? words.join(", ") : "held";
}

/** "1,240 events on 2 targets: 1,200 free, 30 under a floor, 10 held" */
export function scopeSummary(kind: RequestKind, targets: readonly ScopeTarget[]): string {
  const policies = targets.flatMap((target) => target.policies);
  const sum = (of: (policy: ScopePolicy) => number) => policies.reduce((all, policy) => all + of(policy), 0);
  const events = sum((policy) => policy.events);
  const reached = targets.filter(({ problem }) => problem === null);
  const on = reached.length === 1 ? `on ${reached[0]?.target}` : `on ${reached.length} targets`;
  if (events === 0) return `No event of this person ${on}.`;
  const total = `${formatNumber(events)} ${events === 1 ? "event" : "events"} ${on}`;
  if (kind !== "erasure") return `${total}.`;
  const kept = [
    [sum(({ free }) => free), "free to go"],
    [sum(({ floored }) => floored), "kept by a floor for now"],
    [sum(({ held }) => held), "held"],
  ] as const;
  const words = kept.filter(([count]) => count > 0).map(([count, what]) => `${formatNumber(count)} ${what}`);
  return `${total}: ${words.join(", ")}.`;
}
