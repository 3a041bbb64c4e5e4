"use client";

import { Sparkline } from "@/components/charts/sparkline.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Age } from "@/components/ui/aged-figures.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateIcon, stateText } from "@/components/ui/state-badge.tsx";
import type { Aged } from "@/lib/client/aged.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange, useWholeRange } from "@/lib/client/url-state.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Point } from "@/lib/collector/types.ts";
import type { Overview, Tile } from "@/lib/overview/types.ts";
import { findingHref } from "./finding-page.ts";
import { samplesEnded, type TileRange, tileWords } from "./tile-words.ts";

const places = ["a", "b", "c", "d", "e", "f", "g"];
const strip =
  "grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-hairline bg-hairline sm:grid-cols-4 xl:grid-cols-7 *:last:col-span-2 xl:*:last:col-span-1";

/** The key figures, one dense row: what it is, how much, how it moved, its line. */
export function TileStrip({ read }: { read: ReadState<Overview> }) {
  const range = useTimeRange();
  if (!read.data)
    return (
      <div className={strip}>
        {places.map((place) => (
          <div key={place} className="h-46 bg-panel p-3.5">
            <Skeleton className="h-full" />
          </div>
        ))}
      </div>
    );
  return (
    <ul aria-label="Key figures" className={strip}>
      {read.data.tiles.map((tile) => (
        <li key={tile.id} className="min-w-0 bg-panel">
          <TileCell
            tile={tile}
            range={range}
            aged={read.aged ?? (range.choice ? agedSamples(tile, read.observed?.observedAt) : null)}
            dim={read.previous}
          />
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

/** A worker that samples no more leaves the last figure standing. */
function agedSamples(tile: Tile, readAt: Date | undefined): Aged | null {
  if (!tile.observedAt || !readAt || !samplesEnded(tile, readAt)) return null;
  return { at: tile.observedAt, reason: "No sample was taken since." };
}

interface TileCellProps {
  tile: Tile;
  range: TileRange;
  aged: Aged | null;
  dim: boolean;
}

function TileCell({ tile, range, aged, dim }: TileCellProps) {
  const target = useTarget();
  const zone = useTimeZone();
  const { whole } = useWholeRange();
  const words = tileWords(tile, range, zone);
  const why = tile.value === null ? tile.unavailable : undefined;
  const alarming = tile.state === "warning" || tile.state === "critical";
  const state = aged && tile.state === "ok" ? "unknown" : tile.state;
  return (
    <ConsoleLink
      href={findingHref(tile, target)}
      data-tile={tile.id}
      title={
        why ? [why.reason, why.enable].filter(Boolean).join("\n") : `${words.exact}, from ${tile.source}`
      }
      className="block h-46 px-3.5 py-3 -outline-offset-2 hover:bg-hover"
    >
      <span className="block truncate text-sm text-muted">{tile.title}</span>
      <span className={cn("mt-0.5 flex h-7 items-baseline gap-1", (aged || dim) && "opacity-55")}>
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
          <StateIcon state={state} className="size-3.5" />
          <span className={cn("text-2xs", stateText[state])}>
            {aged ? (
              <Age at={aged.at} brief />
            ) : state === "unknown" && tile.value !== null ? (
              "not judged"
            ) : (
              stateWords[state]
            )}
          </span>
        </span>
      </span>
      {/* Room for four lines, so that no sentence is cut and nothing moves when one grows. */}
      <span className="line-clamp-4 h-[4lh] text-xs text-faint">
        <span className="block">{why?.reason ?? words.note}</span>
        {!why && <span className="block">{words.change}</span>}
      </span>
      <span className={cn("mt-2 block", (aged || dim) && "opacity-55")}>
        <Sparkline
          points={whole ? tile.spark : fromFirst(tile.spark)}
          label={`${tile.title} over the range`}
          height={22}
          from={tile.unit === "ratio" || tile.unit === "bytes" ? "data" : "zero"}
          {...(alarming && { colour: `var(--${tile.state})` })}
        />
      </span>
    </ConsoleLink>
  );
}

/** As every chart, from the first sample on. */
function fromFirst(points: readonly Point[]): readonly Point[] {
  return points.slice(
    Math.max(
      0,
      points.findIndex(([, value]) => value !== null),
    ),
  );
}
