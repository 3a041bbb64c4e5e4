"use client";

import { Ban, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import type { JobDetail, JobSummary } from "@/lib/work/types.ts";
import { jobTitle } from "./job-words.ts";

/** Cancel while it has not ended, retry once it failed; both ask first, naming the job. */
export function JobActions({ job }: { job: JobSummary | JobDetail }) {
  const { person } = useConsole();
  const [asking, setAsking] = useState<"cancel" | "retry" | null>(null);
  const title = jobTitle(job);
  const cancel = useAdminAction("cancelJob", {
    done: ({ state }) => (state === "cancelled" ? `Cancelled: ${title}` : `Asked to end: ${title}`),
    toastErrors: false,
  });
  const retry = useAdminAction("retryJob", { done: `Waiting again: ${title}`, toastErrors: false });
  const open = job.state === "waiting" || job.state === "running";
  const which = open ? "cancel" : "retry";
  const answer = job.may[which];
  if (!open && job.state !== "failed" && job.state !== "cancelled") return null;
  const operator = roleReaches(person.role, "operator");
  return (
    <>
      {!answer.allowed && <p className="mr-auto self-center text-sm text-muted">{answer.why}</p>}
      {operator && (
        <Button
          icon={open ? <Ban /> : <RotateCcw />}
          disabled={!answer.allowed}
          onClick={() => setAsking(which)}
        >
          {open ? "Cancel job" : "Retry job"}
        </Button>
      )}
      <ConfirmDialog
        open={asking === "cancel"}
        onOpenChange={(next) => setAsking(next ? "cancel" : null)}
        title={`Cancel “${title}”`}
        verb="Cancel job"
        dismiss="Keep it"
        pending={cancel.pending}
        problem={cancel.error?.message ?? null}
        onConfirm={async () => (await cancel.run({ id: job.id })) !== null}
      >
        {job.state === "waiting"
          ? "It has not begun and will not begin. You can retry it later."
          : "It stops at its next safe place, within seconds. What it has done stays done; retrying goes on from its checkpoint."}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "retry"}
        onOpenChange={(next) => setAsking(next ? "retry" : null)}
        title={`Retry “${title}”`}
        verb="Retry job"
        dangerous={false}
        pending={retry.pending}
        problem={retry.error?.message ?? null}
        onConfirm={async () => (await retry.run({ id: job.id })) !== null}
      >
        It waits for a worker again, with the same parameters.{" "}
        {"checkpointAt" in job && job.checkpointAt === null
          ? "It kept no checkpoint, so it begins anew; what it did once is not done again."
          : "It goes on from its checkpoint; what it did once is not done again."}
      </ConfirmDialog>
    </>
  );
}
