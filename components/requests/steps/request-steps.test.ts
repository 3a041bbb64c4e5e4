import { expect, it } from "vitest";
import type { RequestState } from "@/lib/request-law/states.ts";
import { stepsOf } from "./request-steps.ts";

function look(
  state: RequestState,
  way: RequestState[],
  given: { resumesAt?: RequestState; responded?: true } = {},
) {
  const timeline = way.map((to, index) => ({
    id: String(index),
    at: `2026-11-0${index + 1}T12:00:00Z`,
    kind: "moved" as const,
    from: null,
    to,
    by: "officer@example.test",
    role: "privacy_officer",
    facts: {},
    typed: false,
  }));
  const steps = stepsOf({
    state,
    resumesAt: given.resumesAt ?? null,
    receivedAt: "2026-11-01T12:00:00Z",
    respondedAt: given.responded ? "2026-11-20T12:00:00Z" : null,
    closedAt: state === "closed" ? "2026-11-21T12:00:00Z" : null,
    timeline,
  });
  return Object.fromEntries(steps.map((step) => [step.name, step.state]));
}

it("begins at identity", () => {
  expect(look("received", [])).toMatchObject({ Received: "done", Identity: "current", Scope: "ahead" });
});

it("goes step by step to the end", () => {
  expect(look("decision_pending", ["verified", "scoping", "decision_pending"])).toMatchObject({
    Scope: "done",
    Decision: "current",
  });
  expect(look("responding", ["verified", "executing", "responding"])).toMatchObject({ Answered: "current" });
  expect(look("responding", ["verified", "executing", "responding"], { responded: true })).toMatchObject({
    Answered: "done",
    Closed: "current",
  });
  const closed = look("closed", ["verified", "executing", "responding", "closed"], { responded: true });
  expect(Object.values(closed).every((state) => state === "done")).toBe(true);
});

it("leaves out what a refusal never does", () => {
  expect(look("refused", ["refused"])).toMatchObject({
    Scope: "skipped",
    Decision: "done",
    "Carried out": "skipped",
    Verified: "skipped",
    Answered: "current",
  });
});

it("stops where it failed, is held, or was left", () => {
  expect(look("failed", ["verified", "executing"], { resumesAt: "executing" })).toMatchObject({
    "Carried out": "stopped",
  });
  expect(look("blocked_by_hold", ["executing"], { resumesAt: "executing" })).toMatchObject({
    "Carried out": "stopped",
  });
  expect(look("withdrawn", ["verified", "withdrawn"])).toMatchObject({ Identity: "done", Scope: "stopped" });
  expect(look("duplicate", ["duplicate"])).toMatchObject({ Identity: "stopped", Scope: "skipped" });
});
