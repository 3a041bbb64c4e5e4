"use client";

import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { useCurrentTarget } from "@/components/shell/current-target.ts";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { ApprovalSummary } from "@/lib/approvals/get-approvals.ts";
import { roleNames } from "@/lib/client/roles.ts";
import { ApprovalActions } from "./approval-actions.tsx";
import { approvalEffect } from "./approval-effects.ts";
import { approvalState } from "./approval-states.ts";
import { approvalTitle } from "./approval-titles.ts";

interface SheetProps {
  request: ApprovalSummary | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One request: who asks for what exactly, and the decision. */
export function ApprovalSheet({ request, ...rest }: SheetProps) {
  const target = useCurrentTarget();
  return (
    <Sheet
      open={request !== null}
      title={request ? approvalTitle(request.action) : ""}
      description={request ? approvalState(request).words : ""}
      {...rest}
    >
      {request && (
        <div key={request.id} className="grid gap-6">
          <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
            <Fact name="Action">
              <code className="font-mono text-xs">{request.action}</code>
            </Fact>
            <Fact name="Requested by">
              {request.requestedBy}
              {request.byToken && ", with an API token"}
            </Fact>
            <Fact name="Requested">
              <Time at={request.requestedAt} show="instant" />
            </Fact>
            {request.target && <Fact name="Target">{request.target}</Fact>}
            <Fact name="Needs">somebody else with the role {roleNames[request.approverRole]}</Fact>
            <Fact name="Until">
              <Time at={request.expiresAt} show="instant" />
            </Fact>
            {request.decidedBy && <Fact name="Decided by">{request.decidedBy}</Fact>}
            {request.decidedAt && (
              <Fact name="Decided">
                <Time at={request.decidedAt} show="instant" />
              </Fact>
            )}
            {request.jobId && (
              <Fact name="Job">
                <ConsoleLink
                  href={`/${encodeURIComponent(request.target ?? target ?? "")}/jobs?job=${request.jobId}`}
                  className="text-accent underline-offset-2 hover:underline"
                >
                  Open the job
                </ConsoleLink>
              </Fact>
            )}
            {request.comment && <Fact name="Comment">{request.comment}</Fact>}
          </dl>
          {approvalEffect(request.action) && (
            <section className="grid gap-1.5">
              <h3 className="text-sm font-medium">What it does</h3>
              <p className="text-sm text-muted">{approvalEffect(request.action)}</p>
            </section>
          )}
          <section className="grid gap-1.5">
            <h3 className="text-sm font-medium">What runs</h3>
            {request.input === null ? (
              <p className="text-sm text-muted">Shown to whoever asked and to those who can approve it.</p>
            ) : (
              <pre className="overflow-auto rounded-md border border-hairline bg-inset p-3 font-mono text-xs">
                {JSON.stringify(request.input, null, 2)}
              </pre>
            )}
            <p className="font-mono text-xs break-all text-faint">SHA-256 {request.digest}</p>
          </section>
          <ApprovalActions request={request} />
        </div>
      )}
    </Sheet>
  );
}
