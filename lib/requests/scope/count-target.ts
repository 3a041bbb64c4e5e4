import { whileUp } from "../../audit-db/while-up.ts";
import { toAppError } from "../../errors.ts";
import type { ErasureContext } from "../../privacy/erasure/erasure-context.ts";
import { askScope, type ScopeFacts } from "./ask-scope.ts";
import { type HoldOnPerson, readHoldsOnPerson } from "./hold-questions.ts";
import { keysOn, type PersonKeys } from "./person-keys.ts";
import { type TargetWitness, unknownWitness, witnessOf } from "./witness.ts";

/** What is known of a person on a target; null facts: it could not be asked, as its witness says. */
export interface CountedTarget {
  target: string;
  facts: ScopeFacts | null;
  holds: HoldOnPerson[];
  witness: TargetWitness;
}

const nothing: ScopeFacts = { grain: [], samples: [], policies: {} };

/** Counts a person's records on a target, each judged by the floors and holds of now. Never throws: a target that cannot be asked hides no other. */
export async function countTarget(
  { console, openTarget, now }: Pick<ErasureContext, "console" | "openTarget" | "now">,
  { keys, organizations, restricted }: PersonKeys,
  target: string,
  timeoutMs?: number,
): Promise<CountedTarget> {
  try {
    const own = keysOn(keys, target);
    const audit = openTarget(target);
    const tokens = own.map(({ token }) => token);
    const holds = await readHoldsOnPerson(console.db, target, tokens);
    const facts =
      own.length > 0
        ? await whileUp(audit, () => askScope(audit, { keys: own, organizations }, holds, now(), timeoutMs))
        : nothing;
    return { target, facts, holds, witness: witnessOf(target, facts, holds, restricted) };
  } catch (thrown) {
    const { message } = toAppError(thrown);
    return { target, facts: null, holds: [], witness: unknownWitness(target, message) };
  }
}
