import type { ScopePolicy, ScopeTarget } from "@/lib/requests/scope-types.ts";
import type { DecisionPart, RequestSummary } from "@/lib/requests/types.ts";
import type { RequestLaw } from "./use-grounds.ts";

type Kind = RequestSummary["kind"];

/** A part of the scope, as it is decided on. */
export interface ScopePart extends ScopePolicy {
  target: string;
}

/** What there is to decide on, target by target. */
export function partsOf(targets: readonly ScopeTarget[]): ScopePart[] {
  return targets.flatMap(({ target, policies }) => policies.map((policy) => ({ target, ...policy })));
}

export const partKey = ({ target, policy }: Pick<DecisionPart, "target" | "policy">) =>
  `${policy} on ${target}`;

/** Art. 20(1): handed over is what rests on consent or on a contract. */
const portable: readonly (string | null)[] = ["consent", "contract"];

/** What the law suggests: whoever decides may say otherwise. What a floor or a hold keeps is granted too, and goes when that ends. */
export function suggestedDecision(kind: Kind, law: RequestLaw, parts: readonly ScopePart[]): DecisionPart[] {
  return parts.map(({ target, policy, basis }) => {
    const refused = kind === "portability" && !portable.includes(basis);
    return {
      ...{ target, policy },
      decision: refused ? "refuse" : "grant",
      ground: refused ? usualGround(kind, law, null) : null,
    };
  });
}

/** The ground that a refusal begins with: that of the floor or the hold where there is one, else the first for a part. */
export function usualGround(
  kind: Kind,
  { grounds, keeping }: RequestLaw,
  part: Pick<ScopePart, "outcome"> | null,
): string | null {
  if (kind === "erasure" && part?.outcome === "floor") return keeping.floor;
  if (kind === "erasure" && part?.outcome === "held") return keeping.hold;
  return (grounds.find(({ whole }) => !whole) ?? grounds[0])?.id ?? null;
}

export interface DecisionSums {
  granted: { parts: number; events: number };
  /** Of the granted: what a floor or a hold keeps for now. */
  later: { parts: number; events: number };
  refused: { parts: number; events: number };
}

/** What a decision comes to, in parts and events. */
export function sumDecision(parts: readonly ScopePart[], decided: readonly DecisionPart[]): DecisionSums {
  const none = () => ({ parts: 0, events: 0 });
  const sums: DecisionSums = { granted: none(), later: none(), refused: none() };
  for (const part of parts) {
    const { decision } = decided.find((one) => partKey(one) === partKey(part)) ?? {};
    const add = (to: { parts: number; events: number }) => {
      to.parts += 1;
      to.events += part.events;
    };
    if (decision === "refuse") add(sums.refused);
    if (decision !== "grant") continue;
    add(sums.granted);
    if (part.outcome !== "erasable") add(sums.later);
  }
  return sums;
}

/** "Art. 17(3)(b) GDPR: A law commands to keep it"; the id where this version does not know it. */
export function groundWords({ grounds }: Pick<RequestLaw, "grounds">, id: string): string {
  const ground = grounds.find((each) => each.id === id);
  return ground ? `${ground.law}: ${ground.title}` : id;
}
