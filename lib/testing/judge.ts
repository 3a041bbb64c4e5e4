import type { AuditDb } from "../audit-db/types.ts";
import type { Check, CheckAnswer, CheckContext, Limits, ObjectState } from "../check.ts";
import type { History } from "../collector/types.ts";
import { createCheckContext } from "../evaluation/check-context.ts";
import { ownLimits } from "../evaluation/limits.ts";
import { noteSight } from "./raised.ts";

export interface Judging {
  now?: Date;
  history?: History;
  upkeep?: CheckContext["upkeep"];
  looks?: CheckContext["looks"];
  duties?: CheckContext["duties"];
  redactions?: CheckContext["redactions"];
  /** In place of the check's own. */
  limits?: Limits;
  /** Takes answers that were read before, so that only the check's own judgement differs. */
  kept?: true;
}

/** What a check answers of a target as it is at this moment: no answer that was kept is used, unless it is asked for. */
export async function judge(check: Check, audit: AuditDb, judging: Judging = {}): Promise<CheckAnswer> {
  const { now = new Date(), history = {} as History, upkeep = async () => [], limits, kept } = judging;
  const { looks = async () => [], duties = async () => [], redactions } = judging;
  if (!kept) await audit.dropAnswers({ tags: ["*"] });
  const context = createCheckContext({
    ...{ audit, history, upkeep, looks, duties, redactions, now },
    instances: async () => [],
  });
  const limitsFor = limits ? () => limits : ownLimits(check);
  const answer = await check.evaluate(context, limitsFor);
  noteSight({ check, answer, audit, limitsFor, now });
  return answer;
}

/** The state of the object of a name (with its part behind a slash), or undefined when the answer has none. */
export function stateOf(answer: CheckAnswer, name: string): ObjectState | undefined {
  return answer.objects.find(({ object }) => {
    if (object.kind === "relation" && object.part !== undefined)
      return `${object.name}/${object.part}` === name;
    return (object.kind === "target" ? "target" : object.name) === name;
  });
}

/** Every object that is not `ok`, as name and state. */
export function notOk(answer: CheckAnswer): string[] {
  return answer.objects
    .filter(({ state }) => state !== "ok")
    .map(({ object, state }) => `${"name" in object ? object.name : object.kind} ${state}`);
}
