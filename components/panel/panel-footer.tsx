"use client";

import { Age } from "@/components/ui/aged-figures.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { Aged } from "@/lib/client/aged.ts";
import type { ReadState } from "@/lib/client/use-read.ts";

/** "updated 3 s ago · since 12 Nov · pg_stat_activity", or how old the figures are and why. One line, always there. */
export function PanelFooter<T>({ read, aged }: { read: ReadState<T>; aged: Aged | null }) {
  const { observed } = read;
  return (
    <footer className="flex h-8 min-w-0 items-center gap-1.5 truncate px-4 text-xs text-faint">
      {observed && !observed.unavailable && (
        <span className="min-w-0 truncate" title={aged?.reason ?? observed.source}>
          {aged ? (
            <span className="text-warning">
              <Age at={aged.at} /> · {aged.reason}
            </span>
          ) : (
            <>
              updated <Time at={observed.observedAt} />
            </>
          )}
          {observed.countsSince && (
            <>
              {" · counting since "}
              <Time at={observed.countsSince} show="moment" />
            </>
          )}
          {" · "}
          <span className="font-mono text-2xs">{observed.source}</span>
        </span>
      )}
    </footer>
  );
}
