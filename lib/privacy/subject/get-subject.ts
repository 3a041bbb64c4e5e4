import { toAppError } from "../../errors.ts";
import { findHolds } from "../../holds/find-holds.ts";
import { readRestriction } from "../../key-store/restrictions.ts";
import { listSubjectKeys, type SubjectKey } from "../../key-store/subject-keys.ts";
import type { ErasureContext } from "../erasure/erasure-context.ts";
import { readPolicyFacts } from "../erasure/read-policy-facts.ts";
import type { SubjectPolicy, SubjectView } from "../types.ts";
import { groupSubject, type PolicyGroup, type TargetAnswer } from "./subject-view.ts";

/**
 * What is known of one person, of every target at once. One that cannot be asked is shown with the reason, and does not
 * hide the others. @param subject null: somebody the vault does not know
 */
export async function getSubject(context: ErasureContext, subject: string | null): Promise<SubjectView> {
  const { console, auditTargets } = context;
  if (subject === null) return { found: false, policies: [], restriction: null };
  const keys = await listSubjectKeys(console.sql, subject);
  const answers = await Promise.all(auditTargets.map((target) => askTarget(context, target, keys)));
  const policies = [];
  for (const group of groupSubject(keys, answers)) policies.push(await withHolds(context, group));
  return { found: true, policies, restriction: await readRestriction(console.db, subject) };
}

async function askTarget(
  { openTarget }: ErasureContext,
  target: string,
  keys: readonly SubjectKey[],
): Promise<TargetAnswer> {
  const tokens = keys.filter((key) => key.target === null || key.target === target).map(({ token }) => token);
  if (tokens.length === 0) return { target, rows: [] };
  try {
    return { target, rows: await readPolicyFacts(openTarget(target), tokens) };
  } catch (thrown) {
    return { target, problem: toAppError(thrown).message };
  }
}

async function withHolds(context: ErasureContext, { tokens, ...group }: PolicyGroup): Promise<SubjectPolicy> {
  const { target, policy } = group;
  try {
    const { holds } = await findHolds(context, context.console.db, [{ target, policy, tokens }]);
    return { ...group, holds };
  } catch (thrown) {
    return { ...group, holds: [], problem: group.problem ?? toAppError(thrown).message };
  }
}
