"use client";

import { Check, Undo2, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import type { ApprovalSummary } from "@/lib/approvals/get-approvals.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { approvalTitle } from "./approval-titles.ts";

/** Approve and refuse what others asked for, withdraw one's own. */
export function ApprovalActions({ request }: { request: ApprovalSummary }) {
  const { id: approvalId, digest, may } = request;
  const action = `“${approvalTitle(request.action)}”`;
  const [asking, setAsking] = useState<"approve" | "refuse" | null>(null);
  const [comment, setComment] = useState("");
  const approve = useAdminAction("approveRequest", {
    toastErrors: false,
    done: `${action} was approved and is done`,
  });
  const refuse = useAdminAction("refuseRequest", { toastErrors: false, done: `${action} is refused` });
  const withdraw = useAdminAction("withdrawRequest", { done: `${action} is withdrawn` });
  if (!may.decide && !may.withdraw) return null;
  const said = comment.trim();
  return (
    <div className="flex flex-wrap gap-2 border-t border-hairline pt-4">
      {may.decide && (
        <>
          <Button variant="primary" icon={<Check />} onClick={() => setAsking("approve")}>
            Approve and run
          </Button>
          <Button icon={<X />} onClick={() => setAsking("refuse")}>
            Refuse
          </Button>
        </>
      )}
      {may.withdraw && (
        <Button icon={<Undo2 />} pending={withdraw.pending} onClick={() => void withdraw.run({ approvalId })}>
          Withdraw
        </Button>
      )}
      <ConfirmDialog
        open={asking === "approve"}
        onOpenChange={(open) => setAsking(open ? "approve" : null)}
        title={`Approve ${action}`}
        verb="Approve and run"
        pending={approve.pending}
        problem={approve.error?.message ?? null}
        onConfirm={async () =>
          (await approve.run({ approvalId, digest, ...(said && { comment: said }) })) !== null
        }
      >
        It runs at once, as the act of {request.requestedBy}, with exactly the input you saw.
        <Comment label="Comment, if any" value={comment} onChange={setComment} />
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === "refuse"}
        onOpenChange={(open) => setAsking(open ? "refuse" : null)}
        title={`Refuse ${action}`}
        verb="Refuse"
        dangerous={false}
        pending={refuse.pending}
        problem={refuse.error?.fields?.comment ?? refuse.error?.message ?? null}
        onConfirm={async () => (await refuse.run({ approvalId, comment: said })) !== null}
      >
        Nothing is done, and {request.requestedBy} reads why.
        <Comment label="Why" value={comment} onChange={setComment} />
      </ConfirmDialog>
    </div>
  );
}

interface CommentProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function Comment({ label, value, onChange }: CommentProps) {
  return (
    <div className="mt-4 text-ink">
      <Field
        label={label}
        htmlFor="approval-comment"
        hint="Kept in the activity log, not in the audit event."
      >
        <Input
          id="approval-comment"
          value={value}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
    </div>
  );
}
