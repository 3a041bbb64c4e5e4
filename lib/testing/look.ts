import type { AuditDb } from "../audit-db/types.ts";
import type { Check, CheckContext, CheckState, Limits } from "../check.ts";
import type { History } from "../collector/types.ts";
import { createCheckContext } from "../evaluation/check-context.ts";
import type { Evaluation } from "../evaluation/evaluate-check.ts";
import { evaluateTarget } from "../evaluation/evaluate-target.ts";
import type { Finding } from "../evaluation/finding.ts";
import { type LimitsOf, ownLimits } from "../evaluation/limits.ts";
import { standingOf } from "../evaluation/standing.ts";
import { tellFindings } from "../evaluation/tell-findings.ts";
import { noteSight } from "./raised.ts";

export interface Look extends Partial<Omit<CheckContext, "audit" | "once">> {
  audit: AuditDb;
  /** Check id → limits in place of the code's own. */
  limits?: Record<string, Limits>;
}

/** Evaluates checks on a target as the evaluator does, and writes nothing. */
export async function lookAt(checks: readonly Check[], look: Look): Promise<Evaluation[]> {
  const { audit, history = {} as History, now = new Date(), limits = {} } = look;
  const { instances = async () => [], upkeep = async () => [], looks, duties, channels } = look;
  const { erasures, waitingHolds, requests, ledger, redactions } = look;
  const limitsOf: LimitsOf = (check) => (object) => limits[check.id] ?? ownLimits(check)(object);
  const context = createCheckContext({
    ...{ audit, history, instances, upkeep, looks, duties, channels, now },
    ...{ erasures, waitingHolds, requests, ledger, redactions },
  });
  const evaluations = await evaluateTarget(checks, context, limitsOf);
  for (const { check, answer } of evaluations)
    noteSight({ check, answer, audit, limitsFor: limitsOf(check), now });
  return evaluations;
}

/** What checks say of a target now, as the overview tells it. */
export async function findingsOf(checks: readonly Check[], look: Look): Promise<Finding[]> {
  const evaluations = await lookAt(checks, look);
  return tellFindings(standingOf(evaluations, []), look.audit.status?.().state === "down");
}

/** State of each object by its name, in the order of the answer. @throws what the check threw */
export async function statesOf(check: Check, look: Look): Promise<[name: string, CheckState][]> {
  const [evaluation] = await lookAt([check], look);
  if (!evaluation?.answer) throw evaluation?.thrown ?? new Error(evaluation?.error?.message);
  return evaluation.answer.objects.map(({ object, state }) => [
    "name" in object ? object.name : object.kind,
    state,
  ]);
}
