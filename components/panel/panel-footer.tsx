"use client";

import { Time } from "@/components/ui/time.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";

/** "updated 3 s ago · pg_stat_activity · counting since 12 Nov", or why the figures are old. One line, always there. */
export function PanelFooter<T>({ read }: { read: ReadState<T> }) {
  const { observed, error } = read;
  const reason = error?.message ?? observed?.stale?.reason;
  return (
    <footer className="flex h-8 min-w-0 items-center gap-1.5 truncate px-4 text-xs text-faint">
      {observed && !observed.unavailable && (
        <span className="min-w-0 truncate">
          {reason ? (
            <span className="text-warning" title={reason}>
              figures of <Time at={observed.observedAt} /> · {reason}
            </span>
          ) : (
            <>
              updated <Time at={observed.observedAt} />
            </>
          )}
          {" · "}
          <span className="font-mono text-2xs">{observed.source}</span>
          {observed.countsSince && (
            <>
              {" · counting since "}
              <Time at={observed.countsSince} show="moment" />
            </>
          )}
        </span>
      )}
    </footer>
  );
}
