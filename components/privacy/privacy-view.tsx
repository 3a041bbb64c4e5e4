"use client";

import { ShieldCheck } from "lucide-react";
import { BoardPanel } from "@/components/requests/board/board-panel.tsx";
import { IntakeButtons } from "@/components/requests/intake/intake-buttons.tsx";
import { CountsPanel } from "@/components/requests/list/counts-panel.tsx";
import { requestsPath } from "@/components/requests/request-words.ts";
import { ofConsole, openRequestsInput } from "@/components/requests/requests-input.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { ErasuresPanel } from "./erasures-panel.tsx";
import { HoldCounts } from "./hold-counts.tsx";
import { HoldsPanel } from "./holds-panel.tsx";
import { LedgerPanel } from "./ledger-panel.tsx";
import { PersonPanel } from "./person-panel.tsx";

/** What people asked and by when it is due, what is kept of whom and until when, what may not be destroyed, and what was. */
export function PrivacyView() {
  const { person } = useConsole();
  const target = useTarget();
  return (
    <>
      <PageHeader
        title="Privacy"
        question="What must be answered by when, whom does the log hold, and what may not be destroyed?"
        actions={
          <ConsoleLink
            href={`/settings/checks?of=${encodeURIComponent(target)}&topic=privacy`}
            className="text-sm text-accent hover:underline"
          >
            Checks and limits
          </ConsoleLink>
        }
      />
      <div className="grid grid-cols-1 gap-4 *:min-w-0">
        {roleReaches(person.role, "privacy_officer") ? <ForOfficers /> : <CountsAlone />}
      </div>
    </>
  );
}

/** Everything: requests and people, holds, erasures, the ledger. */
function ForOfficers() {
  const target = useTarget();
  const { loading } = useRead("requests", openRequestsInput, ofConsole);
  return (
    <>
      <BoardPanel
        all={
          <ConsoleLink
            href={requestsPath(target)}
            className="px-4 py-2 text-sm text-accent underline-offset-2 hover:underline"
          >
            All requests
          </ConsoleLink>
        }
        begin={<IntakeButtons />}
      />
      {/* How many requests are open is not known before: what they would push down is drawn with them. */}
      {!loading && (
        <>
          <PersonPanel />
          <HoldsPanel />
          <ErasuresPanel />
          <LedgerPanel />
        </>
      )}
    </>
  );
}

/** For whoever does not handle personal data: how many holds there are, and who may do what. */
function CountsAlone() {
  return (
    <>
      <CountsPanel />
      <HoldCounts />
      <p className="flex items-start gap-2 text-sm text-muted">
        <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
        Requests, people, holds by name, erasures and the ledger are for privacy officers. Somebody with that
        role can look a person up, and each look is on record.
      </p>
    </>
  );
}
