"use client";

import { DaysLeft } from "@/components/requests/days-left.tsx";
import { dayWords, deadlineOf, requestPath } from "@/components/requests/request-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { cn } from "@/components/ui/cn.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import { stateNames } from "@/lib/request-law/states.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { boardGrid } from "./board-grid.ts";
import { dayMs, type TimeSpan, type Track } from "./deadline-tracks.ts";
import { TrackBar } from "./track-bar.tsx";
import { trackColours } from "./track-colours.ts";

interface TrackRowProps {
  request: RequestSummary;
  track: Track;
  /** The axis that all share; null: this one has its own. */
  span: TimeSpan | null;
  width: number;
  hatch: string;
  nowMs: number;
}

const trackHeight = 36;

/** A request on the board: what it is, its days, what is left of them. The whole row is its link. */
export function TrackRow({ request, track, span, width, hatch, nowMs }: TrackRowProps) {
  const target = useTarget();
  const { number, kind, state } = request;
  const deadline = deadlineOf(request);
  const overdue = deadline.state === "critical" && (request.daysLeft ?? 0) < 0;
  const own = { fromMs: track.receivedMs, toMs: Math.max(track.endMs, nowMs) + dayMs / 2 };
  return (
    <li>
      <ConsoleLink
        href={requestPath(target, number)}
        data-request={number}
        data-overdue={overdue || undefined}
        title={titleOf(request)}
        className={cn(
          boardGrid,
          "grid items-center gap-y-1 border-t border-hairline py-2 hover:bg-hover -outline-offset-2 @min-[740px]:py-1",
          overdue && "bg-critical-soft hover:bg-critical-soft",
        )}
      >
        <span className="flex min-w-0 items-center gap-3">
          <span className="min-w-0">
            <span className="block truncate font-medium">
              <span className="text-faint tabular-nums">#{number}</span> {requestKinds[kind].title}
            </span>
            <span className="block truncate text-sm text-muted">{stateNames[state]}</span>
          </span>
          <span className="ml-auto shrink-0 @min-[740px]:hidden">
            <DaysLeft request={request} />
          </span>
        </span>
        <span className="block min-w-0" style={{ height: trackHeight }}>
          {width > 0 && (
            <TrackBar
              track={track}
              span={span ?? own}
              width={width}
              height={trackHeight}
              hatch={hatch}
              colour={trackColours[deadline.state]}
              nowMs={nowMs}
            />
          )}
        </span>
        <span className="hidden @min-[740px]:block">
          <DaysLeft request={request} />
        </span>
      </ConsoleLink>
    </li>
  );
}

function titleOf({ receivedAt, dueOn, extendedAt, intervals, timeZone }: RequestSummary): string {
  const received = `Received ${dayWords(receivedAt.slice(0, 10))}`;
  const due =
    dueOn === null ? "no due day while the clock is paused" : `due ${dayWords(dueOn)} (${timeZone})`;
  const stood =
    intervals.length > 0 ? `, paused ${intervals.length === 1 ? "once" : `${intervals.length} times`}` : "";
  return `${received}, ${due}${stood}${extendedAt ? ", extended" : ""}`;
}
