"use client";

import { ShieldCheck } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { ErasuresPanel } from "./erasures-panel.tsx";
import { HoldCounts } from "./hold-counts.tsx";
import { HoldsPanel } from "./holds-panel.tsx";
import { LedgerPanel } from "./ledger-panel.tsx";
import { PersonPanel } from "./person-panel.tsx";

/** What is kept of whom and until when, what may not be destroyed, and what was. */
export function PrivacyView() {
  const { person } = useConsole();
  const target = useTarget();
  return (
    <>
      <PageHeader
        title="Privacy"
        question="Whom does the log hold, until when, and what may not be destroyed?"
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
        {roleReaches(person.role, "privacy_officer") ? (
          <>
            <PersonPanel />
            <HoldsPanel />
            <ErasuresPanel />
            <LedgerPanel />
          </>
        ) : (
          <CountsAlone />
        )}
      </div>
    </>
  );
}

/** For whoever does not handle personal data: how many holds there are, and who may do what. */
function CountsAlone() {
  return (
    <>
      <HoldCounts />
      <p className="flex items-start gap-2 text-sm text-muted">
        <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-faint" />
        People, holds by name, erasures and the ledger are for privacy officers. Somebody with that role can
        look a person up, and each look is on record.
      </p>
    </>
  );
}
