"use client";

import { Sparkline } from "@/components/charts/sparkline.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateIcon, stateText } from "@/components/ui/state-badge.tsx";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { type RangeValue, useTimeRange } from "@/lib/client/url-state.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Overview, Tile } from "@/lib/overview/types.ts";
import { findingHref } from "./finding-page.ts";
import { tileWords } from "./tile-words.ts";

const places = ["a", "b", "c", "d", "e", "f", "g"];
const strip =
  "grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-hairline bg-hairline sm:grid-cols-4 xl:grid-cols-7 *:last:col-span-2 xl:*:last:col-span-1";

/** The key figures, one dense row: what it is, how much, how it moved, its line. */
export function TileStrip({ read }: { read: ReadState<Overview> }) {
  const range = useTimeRange();
  const stale = read.observed !== undefined && (read.error !== null || read.observed.stale !== undefined);
  if (!read.data)
    return (
      <div className={strip}>
        {places.map((place) => (
          <div key={place} className="h-34 bg-panel p-3.5">
            <Skeleton className="h-full" />
          </div>
        ))}
      </div>
    );
  return (
    <ul aria-label="Key figures" className={strip}>
      {read.data.tiles.map((tile) => (
        <li key={tile.id} className="min-w-0 bg-panel">
          <TileCell tile={tile} range={range.input} dim={stale || read.previous} />
        </li>
      ))}
    </ul>
  );
}

const stateWords: Record<Tile["state"], string> = {
  ok: "ok",
  warning: "warning",
  critical: "critical",
  unknown: "unknown",
};

function TileCell({ tile, range, dim }: { tile: Tile; range: RangeValue; dim: boolean }) {
  const target = useTarget();
  const zone = useTimeZone();
  const words = tileWords(tile, range, zone);
  const why = tile.value === null ? tile.unavailable : undefined;
  const alarming = tile.state === "warning" || tile.state === "critical";
  return (
    <ConsoleLink
      href={findingHref(tile, target)}
      data-tile={tile.id}
      title={
        why ? [why.reason, why.enable].filter(Boolean).join("\n") : `${words.exact}, from ${tile.source}`
      }
      className="block h-34 px-3.5 py-3 -outline-offset-2 hover:bg-hover"
    >
      <span className="block truncate text-sm text-muted">{tile.title}</span>
      <span className={cn("mt-0.5 flex h-7 items-baseline gap-1 transition-opacity", dim && "opacity-55")}>
        {tile.value === null ? (
          <span aria-hidden className="bg-hatch h-4 w-12 self-center rounded-sm" />
        ) : (
          <>
            <span className={cn("text-xl font-semibold tracking-tight", alarming && stateText[tile.state])}>
              {words.figure}
            </span>
            <span className="text-sm text-muted">{words.suffix}</span>
          </>
        )}
        <span className="ml-auto flex items-center gap-1 self-center">
          <StateIcon state={tile.state} className="size-3.5" />
          <span className={cn("text-2xs", stateText[tile.state])}>
            {tile.state === "unknown" && tile.value !== null ? "not judged" : stateWords[tile.state]}
          </span>
        </span>
      </span>
      <span className={cn("block text-xs text-faint", why ? "line-clamp-2 h-8" : "h-4 truncate")}>
        {why?.reason ?? words.note}
      </span>
      {!why && <span className="block h-4 truncate text-xs text-faint">{words.change}</span>}
      <span className={cn("mt-2 block transition-opacity", dim && "opacity-55")}>
        <Sparkline
          points={tile.spark}
          label={`${tile.title} over the range`}
          height={22}
          from={tile.unit === "ratio" || tile.unit === "bytes" ? "data" : "zero"}
          {...(alarming && { colour: `var(--${tile.state})` })}
        />
      </span>
    </ConsoleLink>
  );
}
