import type { ApprovalSummary } from "@/lib/approvals/get-approvals.ts";

/** What stands for a request in lists: it ran, and the job that goes on with it did not do its work. */
export function approvalState({ state, jobState }: Pick<ApprovalSummary, "state" | "jobState">) {
  if (state !== "executed") return { ...approvalStates[state], label: state };
  switch (jobState) {
    case "failed":
      return {
        state: "critical",
        label: "job failed",
        words: "Approved and begun, but its job failed: see Jobs.",
      } as const;
    case "cancelled":
      return {
        state: "warning",
        label: "job cancelled",
        words: "Approved and begun, but its job was cancelled.",
      } as const;
    case "waiting":
    case "running":
      return { state: "notice", label: "under way", words: "Approved; its job is under way." } as const;
    default:
      return { ...approvalStates.executed, label: "executed" };
  }
}

/** How a request's state looks, and what it means. */
const approvalStates: Record<
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
