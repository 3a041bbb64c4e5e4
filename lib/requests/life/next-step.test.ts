import { expect, test } from "vitest";
import { requestKindNames } from "../../request-law/kinds.ts";
import { isEnd, requestStates } from "../../request-law/states.ts";
import { nextStepOf } from "./next-step.ts";

const row = { standing: null, respondedAt: null };

test.each(requestKindNames)("%s: every state but an end has one next step, in a sentence", (kind) => {
  for (const state of requestStates) {
    const step = nextStepOf({ ...row, kind, state });
    if (isEnd(state)) expect([state, step]).toEqual([state, null]);
    else expect(step?.words, state).toMatch(/^[A-Z].+\.$/);
  }
});

test("where the product works nobody need do anything", () => {
  for (const state of ["scoping", "executing", "verifying"] as const)
    expect(nextStepOf({ ...row, kind: "erasure", state })?.verb).toBeNull();
});

test("what the person owes comes before what would be next", () => {
  const waits = { ...row, kind: "access", state: "verified" } as const;
  expect(nextStepOf(waits)?.verb).toBe("scopeRequest");
  expect(nextStepOf({ ...waits, standing: "clarification" })?.verb).toBe("recordClarification");
  expect(nextStepOf({ ...waits, standing: "fee" })?.verb).toBe("recordFee");
  expect(nextStepOf({ ...waits, state: "executing", standing: "clarification" })?.verb).toBeNull();
});

test("an answer is recorded, then it is closed; the words say what carrying out does", () => {
  const refused = { ...row, kind: "erasure", state: "refused" } as const;
  expect(nextStepOf(refused)?.verb).toBe("recordResponse");
  expect(nextStepOf({ ...refused, respondedAt: new Date() })?.verb).toBe("closeRequest");
  expect(nextStepOf({ ...refused, state: "approved" })?.words).toMatch(/unreadable for good/);
  expect(nextStepOf({ ...refused, kind: "access", state: "approved" })?.words).toMatch(/package/);
});
