"use client";

import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { LedgerRow } from "@/lib/privacy/types.ts";
import { dayOf, ledgerKinds, ledgerWords, receiptStates } from "./privacy-words.ts";

interface LedgerSheetProps {
  entry: LedgerRow | null;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One entry of the ledger: what was done, by whom, and which receipt in the target's log proves it. Names nobody. */
export function LedgerSheet({ entry, ...rest }: LedgerSheetProps) {
  return (
    <Sheet
      open={entry !== null}
      title={entry ? `Entry #${entry.entry} of the ledger` : ""}
      description={entry ? `${ledgerKinds[entry.kind]} on ${entry.target}` : ""}
      {...rest}
    >
      {entry && <Facts entry={entry} />}
    </Sheet>
  );
}

function Facts({ entry }: { entry: LedgerRow }) {
  const { target, at, by, receipt, receiptId } = entry;
  return (
    <div className="grid gap-5">
      <dl className="grid grid-cols-[7rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="Did">{ledgerWords(entry)}</Fact>
        {entry.kind === "redaction" && (
          <Fact name="Event">
            <code className="font-mono text-xs">{entry.facts.id}</code>, of {dayOf(entry.facts.occurredAt)}
          </Fact>
        )}
        <Fact name="By">{by}</Fact>
        <Fact name="When">
          <Time at={at} show="instant" />
        </Fact>
        <Fact name="Receipt">
          <StateBadge state={receiptStates[receipt].state}>{receiptStates[receipt].words}</StateBadge>
        </Fact>
        <Fact name="Its event">
          <code className="font-mono text-xs">{receiptId}</code>
        </Fact>
      </dl>
      <p className="text-sm text-muted">
        The receipt is an event of organisation console_privacy in the log of {target}, signed with a key of
        this console (/api/v1/keys). To compare all entries with their receipts:{" "}
        <code className="font-mono text-xs">audit-db privacy ledger --target {target}</code>
      </p>
    </div>
  );
}
