import { type RequestKind, requestKinds } from "../../request-law/kinds.ts";

import type { RequestState } from "../../request-law/states.ts";
import type { RequestRow } from "../read-request.ts";
import type { NextStep } from "../types.ts";

type Facts = Pick<RequestRow, "kind" | "state" | "standing" | "respondedAt">;

/** What somebody should do with a request now; null once it has ended. Pure. */
export function nextStepOf(row: Facts): NextStep | null {
  const step = steps[row.state](row);
  if (step === null || !mayStand.includes(row.state)) return step;
  return awaited(row.standing) ?? step;
}

/** What is awaited of the person comes first, while nobody works on it. */
const mayStand: readonly RequestState[] = ["received", "verified", "decision_pending"];

function awaited(standing: string | null): NextStep | null {
  if (standing === "clarification")
    return step(
      "recordClarification",
      "Waits for the person to say what exactly they mean: record it once they did.",
    );
  if (standing === "fee") return step("recordFee", "Waits for the fee: record it once it is paid.");
  return null;
}

const step = (verb: string | null, words: string): NextStep => ({ verb, words });

const answering = ({ respondedAt }: Facts): NextStep =>
  respondedAt === null
    ? step("recordResponse", "Answer the person, then record that the answer was sent.")
    : step("closeRequest", "The answer is on record: close the request.");

const factsOf = (kind: string) => requestKinds[kind as RequestKind];

/** What carrying it out means. */
const carryOut = ({ kind }: Facts): NextStep =>
  factsOf(kind).destructive
    ? step("executeRequest", "Carry out the erasure: what was granted becomes unreadable for good.")
    : step("executeRequest", "Make the package for the person.");

const steps: Record<RequestState, (row: Facts) => NextStep | null> = {
  received: () => step("recordIdentity", "See who asks: confirm it, or ask for proof."),
  identity_pending: () => step("recordIdentity", "Waits for proof of identity: record what was seen of it."),
  verified: () =>
    step("scopeRequest", "Count what there is of the person on each target. It changes nothing."),
  scoping: () => step(null, "What there is of the person is being counted."),
  decision_pending: () =>
    step("decideRequest", "Decide what is granted and what is refused. Whoever opened it may not."),
  approved: carryOut,
  partly_refused: carryOut,
  refused: answering,
  executing: ({ kind }) =>
    step(
      null,
      factsOf(kind).destructive ? "The erasure is being carried out." : "The package is being made.",
    ),
  verifying: ({ kind }) =>
    step(
      null,
      factsOf(kind).destructive
        ? "All places are searched for what is left."
        : "The package is being verified.",
    ),
  responding: answering,
  closed: () => null,
  blocked_by_hold: () =>
    step(
      "resumeRequest",
      "A legal hold keeps it: tell the person why. It goes on by itself once the hold is released.",
    ),
  failed: () => step("resumeRequest", "It stopped before it was done: mend the cause, then go on."),
  duplicate: () => null,
  withdrawn: () => null,
};
