import { AppError } from "../../errors.ts";
import { groundsFor } from "../../request-law/grounds.ts";
import type { RequestKind } from "../../request-law/kinds.ts";
import type { Regime } from "../../request-law/regimes.ts";
import type { RequestCommand } from "../../request-law/transition.ts";
import type { RequestScope } from "../scope-types.ts";
import type { DecisionPart, RequestDecision } from "../types.ts";

/** What a decision rests on. */
export interface DecisionFacts {
  number: number;
  regime: Regime;
  kind: RequestKind;
  /** The newest; null: there is none. */
  scope: Pick<RequestScope, "state" | "targets"> | null;
}

export interface JudgedDecision {
  command: Extract<RequestCommand, "approve" | "refuse_partly" | "refuse">;
  decision: RequestDecision;
}

const nameOf = ({ target, policy }: Pick<DecisionPart, "target" | "policy">) => `${policy} on ${target}`;

/**
 * What parts, or one ground for the whole, come to: every part of the scope is granted, or refused with a ground that the
 * law has for this kind of request. Pure.
 * @throws AppError BAD_INPUT with what is missing or wrong, CONFLICT where there is no complete scope to decide on
 */
export function judgeDecision(
  facts: DecisionFacts,
  { parts, ground }: { parts: readonly DecisionPart[]; ground: string | null },
): JudgedDecision {
  if (ground !== null) {
    if (parts.length > 0) throw wrong("ground", "is for the whole: give it, or parts");
    assertGround(facts, "ground", ground, true);
    return { command: "refuse", decision: { ground, parts: [] } };
  }
  assertParts(facts, parts);
  for (const [n, part] of parts.entries()) {
    const at = `parts.${n}.ground`;
    if (part.decision === "refuse") assertGround(facts, at, part.ground);
    else if (part.ground !== null) throw wrong(at, `${nameOf(part)} is granted, which needs none`);
  }
  const refused = parts.filter(({ decision }) => decision === "refuse").length;
  const command = refused === 0 ? "approve" : refused === parts.length ? "refuse" : "refuse_partly";
  return { command, decision: { ground: null, parts: [...parts] } };
}

function assertGround({ regime, kind }: DecisionFacts, field: string, id: string | null, whole?: true): void {
  const grounds = groundsFor(regime, kind, whole);
  if (grounds.some((ground) => ground.id === id)) return;
  const known = grounds.map((ground) => ground.id).join(", ");
  const said = id === null ? "A refusal names its ground" : "This is no ground to refuse it on";
  throw wrong(field, `${said}. There are: ${known}.`);
}

function assertParts({ number, scope }: DecisionFacts, parts: readonly DecisionPart[]): void {
  if (scope?.state !== "done")
    throw new AppError("CONFLICT", `Request #${number} is not counted yet: there is nothing to decide on.`, {
      hint: "Count what there is first. Before that, the whole can be refused with a ground.",
    });
  const unasked = scope.targets.filter(({ problem }) => problem !== null).map(({ target }) => target);
  if (unasked.length > 0)
    throw new AppError(
      "CONFLICT",
      `${unasked.join(", ")} could not be asked when request #${number} was counted.`,
      {
        hint: "Count again once it can be reached.",
      },
    );
  const there = scope.targets.flatMap(({ target, policies }) =>
    policies.map(({ policy }) => nameOf({ target, policy })),
  );
  const given = parts.map(nameOf);
  const missing = there.filter((name) => !given.includes(name));
  if (missing.length > 0) throw wrong("parts", `lack ${missing.join(", ")}`);
  const unknown = given.filter((name) => !there.includes(name));
  if (unknown.length > 0) throw wrong("parts", `the scope has nothing under ${unknown.join(", ")}`);
  const twice = given.find((name, n) => given.indexOf(name) !== n);
  if (twice !== undefined) throw wrong("parts", `${twice} stands there twice`);
}

function wrong(field: string, message: string): AppError {
  return new AppError("BAD_INPUT", `${field}: ${message}`, { fields: { [field]: message } });
}
