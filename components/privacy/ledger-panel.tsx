"use client";

import { parseAsInteger } from "nuqs";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { PageTurn } from "@/components/ui/page-turn.tsx";
import { neighbours } from "@/components/ui/sheet.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useOpenSheet } from "@/components/ui/use-open-sheet.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { LedgerRow } from "@/lib/privacy/types.ts";
import { LedgerSheet } from "./ledger-sheet.tsx";
import { privacyInputs } from "./privacy-input.ts";
import { ledgerKinds, ledgerWords, receiptStates } from "./privacy-words.ts";

type Kind = LedgerRow["kind"] | "all";

/** What was erased, restricted and redacted on this target; a restored database is brought up to it. */
export function LedgerPanel() {
  const [kind, setKind] = useState<Kind>("all");
  const [before, setBefore] = useState<string | null>(null);
  const read = useRead("ledger", {
    ...privacyInputs.ledger,
    ...(kind !== "all" && { kind }),
    ...(before !== null && { before: Number(before) }),
  });
  const [openEntry, setOpenEntry] = useOpenSheet("entry", parseAsInteger);
  const isOpen = ({ entry }: LedgerRow) => entry === openEntry;
  const rows = read.data?.entries ?? [];
  return (
    <>
      <Panel
        id="ledger"
        title="Ledger"
        unit="newest first"
        read={read}
        height={110}
        flush
        info={{
          what: "Append-only, and each entry stands as a signed receipt in the target's own log too: either can rebuild the other. A database that was restored from before is held back until the ledger was replayed on it. No entry names anybody.",
        }}
        actions={
          <Choice
            label="Which entries"
            value={kind}
            onChange={(next) => {
              setKind(next);
              setBefore(null);
            }}
            choices={[
              ["all", "All"],
              ["erasure", "Erasures"],
              ["redaction", "Redactions"],
              ["restriction", "Restrictions"],
            ]}
          />
        }
        empty={({ entries }) =>
          entries.length === 0 &&
          before === null &&
          "Nothing was erased, redacted or restricted on this target yet. Each will be an entry here, with its signed receipt."
        }
      >
        {({ entries, next }) => (
          <>
            <DataTable
              id="ledger"
              label="Ledger"
              rows={entries}
              columns={columns}
              rowKey={({ entry }) => String(entry)}
              rowHeight={44}
              onRowClick={({ entry }) => setOpenEntry(entry)}
              selectedKey={openEntry === null ? null : String(openEntry)}
              toolbar={false}
              maxHeight={420}
            />
            {(before !== null || next !== null) && (
              <PageTurn
                page={before}
                older={next === null ? null : String(next)}
                arriving={read.previous}
                onTurn={setBefore}
              />
            )}
          </>
        )}
      </Panel>
      <LedgerSheet
        entry={rows.find(isOpen) ?? null}
        onClose={() => setOpenEntry(null)}
        {...neighbours(rows, isOpen, ({ entry }) => setOpenEntry(entry))}
      />
    </>
  );
}

const columns: Column<LedgerRow>[] = [
  { id: "entry", header: "Entry", value: ({ entry }) => entry, cell: ({ entry }) => `#${entry}`, width: 80 },
  {
    id: "kind",
    header: "What",
    value: ({ kind }) => ledgerKinds[kind],
    cell: (row) => (
      <>
        {ledgerKinds[row.kind]}
        <span className="text-xs text-muted sm:hidden">
          {" · "}
          <Time at={row.at} />
        </span>
        {/* A phone's table has no column that grows: what does not fit ends in dots. */}
        <span className="block max-w-[calc(100vw-9rem)] truncate text-xs text-muted sm:hidden">
          {ledgerWords(row)}
        </span>
      </>
    ),
    width: 160,
  },
  { id: "words", header: "Did", value: ledgerWords, grow: true, from: "sm" },
  { id: "by", header: "By", value: ({ by }) => by, from: "lg" },
  { id: "at", header: "When", value: ({ at }) => at, cell: ({ at }) => <Time at={at} />, from: "sm" },
  {
    id: "receipt",
    header: "Receipt",
    value: ({ receipt }) => receiptStates[receipt].words,
    cell: ({ receipt }) => (
      <StateBadge state={receiptStates[receipt].state}>{receiptStates[receipt].words}</StateBadge>
    ),
    from: "md",
  },
];
