"use client";

import { Download } from "lucide-react";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { type EventFilter, searchInput } from "./events-input.ts";

const formats = [
  ["ndjson", "NDJSON", {}],
  ["csv", "CSV", { spreadsheet: "true" }],
] as const;

/** Everything the present filters find, as a file of any length; each download is on record. */
export function ExportLinks({ filter }: { filter: EventFilter }) {
  const target = useTarget();
  const range = useTimeRange();
  const { range: asked, before: _, after: __, ...filters } = searchInput(range.input, filter);
  const times = "range" in asked ? { range: asked.range } : { from: iso(asked.from), to: iso(asked.to) };
  return (
    <span className="mr-1 flex items-center gap-1 text-xs text-muted">
      <Download aria-hidden className="size-3.5" />
      {formats.map(([format, label, more]) => {
        const query = new URLSearchParams(
          Object.entries({ ...times, ...filters, ...more, format }) as [string, string][],
        );
        return (
          <a
            key={format}
            download
            href={`/api/v1/targets/${encodeURIComponent(target)}/events/export?${query}`}
            title={`Export everything that matches as ${label}`}
            className="rounded-md px-1.5 py-1 hover:bg-hover hover:text-ink"
          >
            {label}
          </a>
        );
      })}
    </span>
  );
}

function iso(time: unknown): string {
  return new Date(time as string).toISOString();
}
