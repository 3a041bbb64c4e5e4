import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RequestKind, requestKindNames, requestKinds } from "./kinds.ts";
import { isEnd, type RequestState, requestStates } from "./states.ts";
import {
  commandsFrom,
  type RequestCommand,
  type RequestFacts,
  requestCommands,
  transition,
} from "./transition.ts";

const people = ["ada", "bo", "cy", null] as const;

const step = fc.record({
  command: fc.constantFrom(...requestCommands),
  actor: fc.constantFrom(...people),
  scopeFresh: fc.boolean(),
  decided: fc.boolean(),
  reauthenticated: fc.boolean(),
  remainderListed: fc.boolean(),
  responded: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** A step, or one that is chosen from what the state knows: `pick` of those. */
type Given = Step & { pick?: number };

const request = fc.record({
  kind: fc.constantFrom(...requestKindNames),
  submittedBy: fc.constantFrom(...people),
});

/** A request that went through what was done to it, as far as it was let. */
interface Moved {
  state: RequestState;
  resumesAt: RequestState | null;
  /** Every move that was made, the first first. */
  moves: { from: RequestState; to: RequestState; step: Step; resumed: RequestState | null }[];
}

function factsOf(kind: RequestKind, submittedBy: string | null, at: Moved, given: Step): RequestFacts {
  const { command: _, ...facts } = given;
  return { kind, submittedBy, state: at.state, resumesAt: at.resumesAt, ...facts };
}

/** Ends come to every life soon enough: of what a state knows, what ends it is chosen seldom. */
function chosen(state: RequestState, pick: number): RequestCommand | undefined {
  const known = commandsFrom(state);
  const on = known.filter((command) => !["withdraw", "mark_duplicate", "refuse"].includes(command));
  const of = pick % 12 === 0 || on.length === 0 ? known : on;
  return of[Math.floor(pick / 12) % of.length];
}

function live(kind: RequestKind, submittedBy: string | null, steps: readonly Given[]): Moved {
  const at: Moved = { state: "received", resumesAt: null, moves: [] };
  for (const { pick, ...step } of steps) {
    const command = pick === undefined ? step.command : chosen(at.state, pick);
    if (command === undefined) break;
    const given = { ...step, command };
    const answer = transition(factsOf(kind, submittedBy, at, given), given.command);
    if (!answer.ok) continue;
    at.moves.push({ from: at.state, to: answer.to, step: given, resumed: at.resumesAt });
    at.state = answer.to;
    at.resumesAt = answer.resumesAt;
  }
  return at;
}

/** Any order of commands, people and facts; most of them such that they are let, so that lives are long. */
const steps: fc.Arbitrary<Given[]> = fc.array(
  fc.oneof(
    step,
    fc.record({ step, pick: fc.nat(11_999) }).map(({ step, pick }) => ({ ...step, pick })),
    fc.record({ step, pick: fc.nat(11_999) }).map(({ step, pick }) => ({
      ...step,
      ...{
        pick,
        scopeFresh: true,
        decided: true,
        reauthenticated: true,
        remainderListed: true,
        responded: true,
      },
    })),
  ),
  { minLength: 20, maxLength: 120 },
);

const runs = { numRuns: 2_000 };

function always(holds: (moved: Moved, kind: RequestKind, submittedBy: string | null) => void): void {
  fc.assert(
    fc.property(request, steps, ({ kind, submittedBy }, done) =>
      holds(live(kind, submittedBy, done), kind, submittedBy),
    ),
    runs,
  );
}

describe("whatever is done to a request, in any order, by anybody", () => {
  test("it is in a state that there is, and knows where it goes on exactly while it stands aside", () =>
    always(({ state, resumesAt }) => {
      expect(requestStates).toContain(state);
      expect(resumesAt !== null).toBe(state === "failed" || state === "blocked_by_hold");
    }));

  test("whoever decided it is a person, and not whoever opened it", () =>
    always(({ moves }, _kind, submittedBy) => {
      for (const { to, step } of moves.filter(({ step }) =>
        ["approve", "refuse_partly", "refuse"].includes(step.command),
      )) {
        expect(step.actor, to).not.toBeNull();
        expect(step.actor).not.toBe(submittedBy);
        expect(step.decided).toBe(true);
      }
    }));

  test("nothing is carried out that was not decided since it was last scoped, by a person, on a fresh scope", () =>
    always(({ moves }) => {
      let decided = false;
      for (const { to, step } of moves) {
        if (to === "scoping" && step.command !== "resume") decided = false;
        if (step.command === "approve" || step.command === "refuse_partly") decided = step.scopeFresh;
        if (to !== "executing") continue;
        expect(decided).toBe(true);
        if (step.command === "execute") {
          expect(step.actor).not.toBeNull();
          expect(step.scopeFresh).toBe(true);
        }
      }
    }));

  test("what destroys runs only after somebody proved that it is they", () =>
    always(({ moves }, kind) => {
      if (!requestKinds[kind].destructive) return;
      let proven = false;
      for (const { to, step } of moves) {
        if (to === "scoping" && step.command !== "resume") proven = false;
        if (step.command === "execute") proven = step.reauthenticated;
        if (to === "executing") expect(proven).toBe(true);
      }
    }));

  test("an end is an end", () =>
    always(({ moves }) => {
      for (const { from } of moves) expect(isEnd(from)).toBe(false);
    }));

  test("what failed or was held goes on where it was", () =>
    always(({ moves }) => {
      let left: RequestState | null = null;
      for (const { from, to, step } of moves) {
        if (step.command === "fail" || step.command === "hold") left = from;
        if (step.command === "resume") expect(to).toBe(left);
      }
    }));

  test("it is closed only once the answer is on record, and what was found is gone or listed", () =>
    always(({ moves }) => {
      for (const { from, to, step } of moves) {
        if (to === "closed") {
          expect(["responding", "refused"]).toContain(from);
          expect(step.responded).toBe(true);
        }
        if (to === "responding") expect(step.remainderListed).toBe(true);
      }
    }));

  test("an erasure that has begun is withdrawn only while holds keep all of it", () =>
    always(({ moves }, kind) => {
      if (!requestKinds[kind].destructive) return;
      const begun = moves.findIndex(({ to }) => to === "executing");
      const withdrawn = moves.find(({ to }) => to === "withdrawn");
      // Few lives come so far: what is asked of each must hold of those that do not as well.
      expect(begun < 0 || !withdrawn || withdrawn.from === "blocked_by_hold").toBe(true);
    }));

  test("a refusal says the states that its command needs, and changes nothing", () =>
    always(({ state, resumesAt }, kind, submittedBy) => {
      for (const command of requestCommands.filter((c) => !commandsFrom(state).includes(c))) {
        const given = { ...letting("cy"), command };
        const answer = transition(
          factsOf(kind, submittedBy, { state, resumesAt, moves: [] }, given),
          command,
        );
        expect(answer).toEqual({
          ok: false,
          why: expect.stringMatching(new RegExp(`It is ${state}; ${command} needs`)),
        });
      }
    }));
});

function letting(actor: Step["actor"]): Omit<Step, "command"> {
  return {
    actor,
    ...{ scopeFresh: true, decided: true, reauthenticated: true, remainderListed: true, responded: true },
  };
}

/** States that are reached from one when everybody does their part. */
function reachedFrom(kind: RequestKind, begin: Pick<Moved, "state" | "resumesAt">): Set<RequestState> {
  const seen = new Map<string, Pick<Moved, "state" | "resumesAt">>();
  const waiting = [begin];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const key = `${at.state} ${at.resumesAt}`;
    if (seen.has(key)) continue;
    seen.set(key, at);
    for (const command of requestCommands as readonly RequestCommand[]) {
      const facts = factsOf(kind, "ada", { ...at, moves: [] }, { ...letting("bo"), command });
      const answer = transition(facts, command);
      if (answer.ok) waiting.push({ state: answer.to, resumesAt: answer.resumesAt });
    }
  }
  return new Set([...seen.values()].map(({ state }) => state));
}

describe.each(requestKindNames)("%s", (kind) => {
  test("every state is reached from receipt", () => {
    expect([...reachedFrom(kind, { state: "received", resumesAt: null })].sort()).toEqual(
      [...requestStates].sort(),
    );
  });

  test.each(requestStates.filter((state) => !isEnd(state)))("%s has a way to an end", (state) => {
    const asides = { failed: ["scoping", "executing", "verifying"], blocked_by_hold: ["executing"] } as const;
    const resumes = state in asides ? asides[state as keyof typeof asides] : [null];
    for (const resumesAt of resumes) {
      const ends = [...reachedFrom(kind, { state, resumesAt })].filter(isEnd);
      expect(ends.length, `${state} ${resumesAt}`).toBeGreaterThan(0);
    }
  });

  test.each(requestStates.filter(isEnd))("%s knows no command", (state) => {
    expect(commandsFrom(state)).toEqual([]);
  });
});

test("the way from receipt to certificate", () => {
  const done = (command: RequestCommand, actor: Step["actor"]) => ({ ...letting(actor), command });
  const { moves } = live("erasure", "ada", [
    done("ask_identity", "ada"),
    done("confirm_identity", "ada"),
    done("begin_scope", "ada"),
    done("finish_scope", "ada"),
    done("approve", "ada"),
    done("approve", "bo"),
    done("execute", "ada"),
    done("hold", "ada"),
    done("resume", "ada"),
    done("finish_execution", "ada"),
    done("finish_verification", "ada"),
    done("close", "ada"),
  ]);
  expect(moves.map(({ to }) => to)).toEqual([
    "identity_pending",
    "verified",
    "scoping",
    "decision_pending",
    "approved",
    "executing",
    "blocked_by_hold",
    "executing",
    "verifying",
    "responding",
    "closed",
  ]);
});
