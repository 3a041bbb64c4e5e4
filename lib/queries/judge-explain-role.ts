import type { CapabilityStanding } from "../capability.ts";
import type { ExplainAnswer } from "../capability-facts.ts";

/** Whether statements can be planned: a connection whose role reads tables and can do nothing else; null: none is configured. */
export function judgeExplainRole(answer: ExplainAnswer | null): CapabilityStanding {
  if (answer === null)
    return {
      state: "missing",
      evidence: "AUDIT_EXPLAIN_URL is not set",
      enable:
        "CREATE ROLE audit_explain LOGIN PASSWORD '…';  -- then USAGE on schemas and SELECT on tables (docs/permissions.md), and set AUDIT_EXPLAIN_URL",
    };
  if (answer.problem !== null)
    return {
      state: "unknown",
      evidence: `AUDIT_EXPLAIN_URL is set, but: ${answer.problem}`,
      enable: null,
    };
  if (answer.excess.length > 0)
    return {
      state: "missing",
      evidence: `AUDIT_EXPLAIN_URL is set, but its role ${answer.excess.map(({ right }) => right).join(", ")}`,
      enable: answer.excess.map(({ revoke }) => revoke).join("\n"),
    };
  return {
    state: "present",
    evidence: "AUDIT_EXPLAIN_URL is set; its role reads tables and can do nothing else",
    enable: null,
  };
}
