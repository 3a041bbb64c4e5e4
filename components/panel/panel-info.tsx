"use client";

import { Info } from "lucide-react";
import { IconButton } from "@/components/ui/button.tsx";
import { Popover } from "@/components/ui/popover.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { Observed } from "@/lib/result.ts";

export interface PanelInfo {
  /** One or two sentences: what the figure is and how to read it. */
  what: string;
  /** The query behind it, for those who want to check. */
  sql?: string;
}

/** The "i" of a panel: what it is, where it is read, when, since when it counts. */
export function PanelInfoButton({
  title,
  info,
  observed,
}: {
  title: string;
  info: PanelInfo | undefined;
  observed: Observed<unknown> | undefined;
}) {
  if (!info && !observed) return null;
  return (
    <Popover
      label={`About ${title}`}
      className="w-90 max-w-[calc(100vw-2rem)] p-4"
      trigger={
        <IconButton label={`About ${title}`} size="sm">
          <Info />
        </IconButton>
      }
    >
      <h3 className="text-base font-semibold">{title}</h3>
      {info && <p className="mt-1 text-sm text-muted">{info.what}</p>}
      {observed && (
        <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm [&_dt]:text-faint">
          <dt>Source</dt>
          <dd className="font-mono text-xs leading-[18px] break-words">{observed.source}</dd>
          <dt>Read</dt>
          <dd>
            <Time at={observed.observedAt} show="instant" />
          </dd>
          {observed.countsSince && (
            <>
              <dt>Counting since</dt>
              <dd>
                <Time at={observed.countsSince} show="instant" />
              </dd>
            </>
          )}
        </dl>
      )}
      {info?.sql && (
        <div className="mt-3">
          <SqlBlock sql={info.sql} maxHeight={200} />
        </div>
      )}
    </Popover>
  );
}
