import type { ApprovalSummary } from "@/lib/approvals/get-approvals.ts";

/** How a request's state looks, and what it means. */
export const approvalStates: Record<
  ApprovalSummary["state"],
  { state: "ok" | "notice" | "warning" | "critical" | "unknown"; words: string }
> = {
  requested: { state: "notice", words: "Waits for somebody else's approval. Nothing was done yet." },
  approved: { state: "warning", words: "Approved, but not run: the console stopped before it could." },
  executed: { state: "ok", words: "Approved and run." },
  failed: {
    state: "critical",
    words: "Approved, but it failed or its outcome is unknown: see Activity. Ask again to try again.",
  },
  refused: { state: "unknown", words: "Refused. Nothing was done." },
  withdrawn: { state: "unknown", words: "Withdrawn by whoever asked. Nothing was done." },
  expired: { state: "unknown", words: "Nobody decided in time. Nothing was done." },
};
