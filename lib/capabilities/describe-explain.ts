import type { Capability, ExplainAnswer } from "./types.ts";

/** Whether statements can be planned: a connection whose role reads tables and can do nothing else. */
export function describeExplain(answer: ExplainAnswer | null): Capability {
  const known = {
    id: "explain_url",
    area: "connections",
    title: "Explain connection",
    purpose: "Queries: plans of recorded statements.",
    needs: "A login with SELECT on tables and no other right",
    required: false,
  } as const;
  if (answer === null)
    return {
      ...known,
      state: "missing",
      evidence: "AUDIT_EXPLAIN_URL is not set",
      enable:
        "CREATE ROLE audit_explain LOGIN PASSWORD '…';  -- then USAGE on schemas and SELECT on tables (docs/permissions.md), and set AUDIT_EXPLAIN_URL",
    };
  if (answer.problem !== null)
    return {
      ...known,
      state: "unknown",
      evidence: `AUDIT_EXPLAIN_URL is set, but: ${answer.problem}`,
      enable: null,
    };
  if (answer.excess.length > 0)
    return {
      ...known,
      state: "missing",
      evidence: `AUDIT_EXPLAIN_URL is set, but its role ${answer.excess.map(({ right }) => right).join(", ")}`,
      enable: answer.excess.map(({ revoke }) => revoke).join("\n"),
    };
  return {
    ...known,
    state: "present",
    evidence: "AUDIT_EXPLAIN_URL is set; its role reads tables and can do nothing else",
    enable: null,
  };
}
