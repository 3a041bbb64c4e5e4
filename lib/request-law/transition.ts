import { type RequestKind, requestKinds } from "./kinds.ts";
import type { RequestState } from "./states.ts";

/** What is done to a request, by people or by its jobs. */
export const requestCommands = [
  "ask_identity",
  "confirm_identity",
  "begin_scope",
  "finish_scope",
  "rescope",
  "approve",
  "refuse_partly",
  "refuse",
  "execute",
  "finish_execution",
  "rescan",
  "finish_verification",
  "close",
  "hold",
  "fail",
  "resume",
  "mark_duplicate",
  "withdraw",
] as const;
export type RequestCommand = (typeof requestCommands)[number];

/** What guards look at, as it is in the transaction that moves the request. */
export interface RequestFacts {
  kind: RequestKind;
  state: RequestState;
  /** Where it goes on after `failed` or `blocked_by_hold`. */
  resumesAt: RequestState | null;
  /** Whether the scope is of what there is now. */
  scopeFresh: boolean;
  /** Whether each part of the scope is granted, or refused with a ground; before there is a scope, the whole with one. */
  decided: boolean;
  submittedBy: string | null;
  /** Whoever moves it; null: the product itself. */
  actor: string | null;
  /** Whether the actor has proven within five minutes that it is they. */
  reauthenticated: boolean;
  /** Whether everything that a scan found is gone, or listed with a ground. */
  remainderListed: boolean;
  /** Whether the person was told: the answer is on record as sent. */
  responded: boolean;
}

export type Transition =
  | { ok: true; to: RequestState; resumesAt: RequestState | null }
  | { ok: false; why: string };

const before: readonly RequestState[] = [
  "received",
  "identity_pending",
  "verified",
  "scoping",
  "decision_pending",
];
const working: readonly RequestState[] = ["scoping", "executing", "verifying"];

const from: Record<RequestCommand, readonly RequestState[]> = {
  ask_identity: ["received", "verified", "decision_pending"],
  confirm_identity: ["received", "identity_pending"],
  begin_scope: ["verified"],
  finish_scope: ["scoping"],
  rescope: ["decision_pending", "approved", "partly_refused"],
  approve: ["decision_pending"],
  refuse_partly: ["decision_pending"],
  refuse: ["received", "identity_pending", "verified", "decision_pending"],
  execute: ["approved", "partly_refused"],
  finish_execution: ["executing"],
  rescan: ["verifying", "responding"],
  finish_verification: ["verifying"],
  close: ["responding", "refused"],
  hold: ["executing"],
  fail: working,
  resume: ["failed", "blocked_by_hold"],
  mark_duplicate: before,
  withdraw: [...before, "approved", "partly_refused", "blocked_by_hold", "failed"],
};

const to: Record<Exclude<RequestCommand, "resume">, RequestState> = {
  ask_identity: "identity_pending",
  confirm_identity: "verified",
  begin_scope: "scoping",
  finish_scope: "decision_pending",
  rescope: "scoping",
  approve: "approved",
  refuse_partly: "partly_refused",
  refuse: "refused",
  execute: "executing",
  finish_execution: "verifying",
  rescan: "verifying",
  finish_verification: "responding",
  close: "closed",
  hold: "blocked_by_hold",
  fail: "failed",
  mark_duplicate: "duplicate",
  withdraw: "withdrawn",
};

/** Commands that a state knows; guards may still refuse them. */
export function commandsFrom(state: RequestState): RequestCommand[] {
  return requestCommands.filter((command) => from[command].includes(state));
}

/** Where a command leads from here, or in words why it may not. Pure; whoever moves compares and sets what it read. */
export function transition(facts: RequestFacts, command: RequestCommand): Transition {
  const { state, resumesAt } = facts;
  if (!from[command].includes(state)) {
    const allowed = from[command].join(", ");
    return { ok: false, why: `It is ${state}; ${command} needs it to be ${allowed}.` };
  }
  const why = guards[command]?.(facts);
  if (why) return { ok: false, why };
  if (command === "resume") {
    if (resumesAt === null) return { ok: false, why: "Nothing is known of where it would go on." };
    return { ok: true, to: resumesAt, resumesAt: null };
  }
  const aside = command === "fail" || command === "hold";
  return { ok: true, to: to[command], resumesAt: aside ? state : null };
}

type Guard = (facts: RequestFacts) => string | null;

const decides: Guard = ({ submittedBy, actor, decided, scopeFresh }) => {
  if (actor === null) return "A person decides.";
  if (actor === submittedBy) return "Whoever opened it does not decide it: somebody else must.";
  if (!scopeFresh) return "Its scope is older than what there is now: count again first.";
  if (!decided) return "Not every part of its scope is granted or refused with a ground.";
  return null;
};

const guards: Partial<Record<RequestCommand, Guard>> = {
  approve: decides,
  refuse_partly: decides,
  // What was never scoped can be refused as a whole (Art. 11(2), 12(5)).
  refuse: ({ submittedBy, actor, decided }) => {
    if (actor === null) return "A person decides.";
    if (actor === submittedBy) return "Whoever opened it does not decide it: somebody else must.";
    return decided ? null : "A refusal names its ground.";
  },
  execute: ({ kind, actor, scopeFresh, reauthenticated }) => {
    if (actor === null) return "A person carries it out.";
    if (!scopeFresh) return "Its scope is older than what there is now: count again first.";
    if (requestKinds[kind].destructive && !reauthenticated) return "Enter your password again first.";
    return null;
  },
  finish_verification: ({ remainderListed }) =>
    remainderListed ? null : "Something was found that is neither gone nor listed with a ground.",
  // A key that was marked is on its way out. While holds keep all of it, nothing is marked.
  withdraw: ({ kind, state, resumesAt }) =>
    requestKinds[kind].destructive &&
    state === "failed" &&
    (resumesAt === "executing" || resumesAt === "verifying")
      ? "Its erasure has begun and cannot be called back: let it come to its end."
      : null,
  close: ({ responded }) => (responded ? null : "The answer to the person is not on record as sent."),
};
