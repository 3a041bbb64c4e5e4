import { cn } from "@/components/ui/cn.ts";
import { formatBytes, formatExact } from "@/lib/client/format.ts";
import type { Standby } from "@/lib/replication/types.ts";
import { waitingParts, walStages } from "./wal-stages.ts";

/** The way of a change to one standby: a line through its stages, thick and in the stage's colour where WAL waits. */
export function WalTrack({ standby, name }: { standby: Standby; name: string }) {
  const parts = waitingParts(standby);
  return (
    <ol aria-label={`WAL on its way to ${name}`} className="grid min-w-0 grid-cols-4">
      {walStages.map(({ id, waits, colour }, index) => {
        const bytes = parts[index] ?? null;
        const some = (bytes ?? 0) > 0;
        return (
          <li
            key={id}
            title={`${formatExact(bytes, "bytes")} ${waits}`}
            className="relative grid h-11 content-start pt-5 md:h-9"
          >
            <span
              className={cn(
                "absolute inset-x-0 top-0 pr-3 text-center text-xs whitespace-nowrap tabular-nums",
                some ? "font-medium text-ink" : "text-faint",
              )}
            >
              {bytes === null ? "–" : some ? formatBytes(bytes) : "0"}
              <span className="sr-only"> {waits}</span>
            </span>
            <span aria-hidden className="flex h-2.5 items-center">
              <span
                className={cn("grow", some ? "h-1" : "h-px bg-hairline-strong")}
                style={some ? { background: colour } : undefined}
              />
              <span
                className="size-2 shrink-0 rounded-full border-2 bg-panel"
                style={{ borderColor: some ? colour : "var(--hairline-strong)" }}
              />
            </span>
            <span aria-hidden className="text-right text-2xs leading-3 text-faint md:hidden">
              {id}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
