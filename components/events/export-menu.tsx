"use client";

import { Download, FileJson, FileSpreadsheet, FileText, Package } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { DropdownMenu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/dropdown-menu.tsx";
import { toast } from "@/lib/client/notices.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { type EventFilter, searchInput } from "./events-input.ts";
import { exportedWords } from "./export-words.ts";

const formats = [
  { label: "NDJSON", aside: "a line each", icon: <FileJson />, query: { format: "ndjson" } },
  { label: "CSV", aside: "exact bytes", icon: <FileText />, query: { format: "csv" } },
  {
    label: "CSV for spreadsheets",
    aside: "formulas inert",
    icon: <FileSpreadsheet />,
    query: { format: "csv", spreadsheet: "1" },
  },
  { label: "Parquet", aside: "zstd", icon: <Package />, query: { format: "parquet" } },
] as const;

/** Everything the present range and filters find, as a file of any length; each download is on record. */
export function ExportMenu({ filter }: { filter: EventFilter }) {
  const target = useTarget();
  const range = useTimeRange();
  const zone = useTimeZone();
  const address = (query: Record<string, string>) => {
    const { range: asked, before: _, ...filters } = searchInput(range.input, filter);
    const times = "range" in asked ? { range: asked.range } : { from: iso(asked.from), to: iso(asked.to) };
    const all = Object.entries({ ...times, ...filters, ...query }) as [string, string][];
    return `/api/v1/targets/${encodeURIComponent(target)}/events/export?${new URLSearchParams(all)}`;
  };
  return (
    <DropdownMenu
      label="Export events"
      trigger={
        <Button size="sm" variant="ghost" icon={<Download />}>
          Export
        </Button>
      }
    >
      <MenuLabel>
        <span className="block max-w-64 break-words">{exportedWords(range.input, filter, zone)}</span>
      </MenuLabel>
      {formats.map(({ label, aside, icon, query }) => (
        <MenuItem key={label} icon={icon} aside={aside} onSelect={() => void begin(address(query))}>
          {label}
        </MenuItem>
      ))}
      <MenuSeparator />
      <p className="max-w-64 px-2 py-1 text-xs text-faint">
        Oldest first; people as tokens and ciphertext. Start and finish are recorded in Activity.
      </p>
    </DropdownMenu>
  );
}

/** Asked first whether it would be answered: a refusal is told here, not in a file that is none. */
async function begin(address: string): Promise<void> {
  const answer = await fetch(address, { method: "HEAD" }).catch(() => null);
  if (!answer?.ok) {
    toast.critical("The export did not begin", { description: explain(answer?.status) });
    return;
  }
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}

function explain(status: number | undefined): string {
  if (status === 401) return "You are no longer signed in. Sign in again, then export.";
  if (status === 403) return "Your role may not read events of this target.";
  if (status === 422) return "The reading role may not read audit_log. Settings, Targets has the grant.";
  if (status === 503)
    return "Two exports already run here, or the audit database is away. Try again in 30 s.";
  return "The console did not answer as expected. Reload the page and try again.";
}

function iso(time: unknown): string {
  return new Date(time as string).toISOString();
}
