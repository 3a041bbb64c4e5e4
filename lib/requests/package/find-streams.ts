import type { AuditDb } from "../../audit-db/types.ts";
import { unknownPolicy } from "../../audit-db/vault/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { listSubjectKeys, type SubjectKey } from "../../key-store/subject-keys.ts";
import type { Regime } from "../../request-law/regimes.ts";
import type { Controller } from "../controller.ts";
import type { RequestPerson } from "../sealed.ts";
import type { DecisionPart } from "../types.ts";
import type { RowStream } from "./plan.ts";

export interface FindContext {
  console: ConsoleDb;
  openTarget(name: string): AuditDb;
}

/** Every token of a person by target; a key from before targets counts on each. */
export async function findTokens(
  { console, openTarget }: FindContext,
  { identifiers }: Pick<RequestPerson, "identifiers">,
  targets: readonly string[],
): Promise<{ keys: SubjectKey[]; tokens: Record<string, string[]> }> {
  const ids = identifiers.flatMap(({ kind, value }) => (kind === "id" ? [value] : []));
  const [first] = targets;
  const vault = first === undefined ? undefined : openTarget(first).vault;
  if (!vault)
    throw new AppError("UNSUPPORTED", "This console has no keys: nobody's data can be read.", {
      hint: "Set MASTER_KEY_FILE.",
    });
  const subjects = new Set((await vault.subjectsOf(ids)).filter((subject) => subject !== null));
  const keys: SubjectKey[] = [];
  for (const subject of subjects) keys.push(...(await listSubjectKeys(console.sql, subject)));
  const of = (target: string) => keys.filter((key) => key.target === null || key.target === target);
  return {
    keys,
    tokens: Object.fromEntries(targets.map((target) => [target, of(target).map(({ token }) => token)])),
  };
}

/**
 * What is read for the parts that were granted: for access in both roles, for portability where the person acted under a
 * policy that portability is owed under.
 */
export function findStreams(
  kind: "access" | "portability",
  granted: readonly Pick<DecisionPart, "target" | "policy">[],
  keys: readonly SubjectKey[],
  law: PortableBy,
): RowStream[] {
  const streams: RowStream[] = [];
  for (const { target, policy } of granted) {
    if (kind === "portability" && !isPortable(law, policy)) continue;
    const fitting = keys.filter((key) => key.target === null || key.target === target);
    for (const { token } of fitting)
      for (const role of kind === "access" ? (["actor", "target"] as const) : (["actor"] as const))
        for (const from of ["audit_log", "audit_quarantine"] as const)
          if (from === "audit_quarantine" || policy !== unknownPolicy)
            streams.push({ target, policy, token, role, from });
  }
  return streams;
}

/** Whose law a request stands under, and on which basis the controller processes what. */
export interface PortableBy {
  regime: Regime;
  controller: Pick<Controller, "policies">;
}

/**
 * Whether events under a policy are owed to the person in a form to take along: under consent or contract (Art. 20(1) GDPR);
 * California's law asks for no basis (Civ. Code § 1798.130(a)(3)(B)(iii)).
 */
export function isPortable({ regime, controller }: PortableBy, policy: string): boolean {
  if (regime === "california") return true;
  const basis = controller.policies[policy]?.basis;
  return basis === "consent" || basis === "contract";
}
