"use client";

import { useId, useRef } from "react";
import { useWidth } from "@/components/charts/use-width.ts";
import { dayMs, trackOf } from "@/components/requests/board/deadline-tracks.ts";
import { HatchPattern } from "@/components/requests/board/hatch-pattern.tsx";
import { TrackBar } from "@/components/requests/board/track-bar.tsx";
import { trackColours } from "@/components/requests/board/track-colours.ts";
import { Box } from "@/components/requests/box.tsx";
import { dayWords, deadlineOf } from "@/components/requests/request-words.ts";
import { Time } from "@/components/ui/time.tsx";
import { useNow } from "@/lib/client/now.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { counted } from "@/lib/words.ts";

const kinds = {
  identity: "Proof of identity was asked for (Art. 12(6))",
  clarification: "They were asked what they mean (Recital 63)",
  fee: "A fee was asked for",
} as const;

/** The country of requests that came in before a controller was set. */
const unnamed = "ZZ";

/** The clock as a ledger: when it ran, when it stood and why, and what moved the due day. */
export function ClockPanel({ request }: { request: RequestDetail }) {
  const { clock, intervals, receivedAt, extendedAt, timeZone, country, region, dueOn } = request;
  return (
    <Box id="clock" title="Clock">
      <Drawn request={request} />
      <dl className="mt-2 grid gap-2 text-sm">
        <Line at={receivedAt} what="Received: the clock begins" />
        {intervals.map(({ kind, beganAt, endedAt }) => (
          <div key={`${kind} ${beganAt}`} className="grid gap-2">
            <Line at={beganAt} what={kinds[kind]} />
            {endedAt && <Line at={endedAt} what="It came: the clock ran on" />}
          </div>
        ))}
        {extendedAt && <Line at={extendedAt} what="Extended once, the person was told why (Art. 12(3))" />}
        <div className="flex items-baseline justify-between gap-3 border-t border-hairline pt-2">
          <dt className="font-medium">Due</dt>
          <dd className="text-right font-medium">
            {dueOn === null ? "none while it is paused" : dayWords(dueOn)}
          </dd>
        </div>
      </dl>
      <p className="mt-2 text-xs text-faint">
        {clock.stoodDays > 0 && `It was paused ${counted(clock.stoodDays, "day")}. `}
        {extendedAt === null &&
          request.closedAt === null &&
          clock.extendBy !== null &&
          `May be extended until ${dayWords(clock.extendBy)}. `}
        {clock.acknowledgeBy !== null &&
          `Receipt is to be acknowledged by ${dayWords(clock.acknowledgeBy)}. `}
        Days of {timeZone};{" "}
        {country === unnamed
          ? "no public holidays are known, as no controller is set."
          : `public holidays of ${[country, region].filter(Boolean).join("-")}.`}
      </p>
    </Box>
  );
}

function Line({ at, what }: { at: string; what: string }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="min-w-0">{what}</dt>
      <dd className="shrink-0 text-muted">
        <Time at={at} show="moment" />
      </dd>
    </div>
  );
}

const height = 36;

function Drawn({ request }: { request: RequestDetail }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const hatch = useId();
  const nowMs = useNow(60_000);
  const drawn = width > 0 && nowMs !== null && request.closedAt === null;
  const track = drawn ? trackOf(request, nowMs) : null;
  if (request.closedAt !== null) return null;
  return (
    <div ref={box} style={{ height }}>
      <HatchPattern id={hatch} />
      {track && nowMs !== null && (
        <TrackBar
          track={track}
          span={{ fromMs: track.receivedMs, toMs: Math.max(track.endMs, nowMs) + dayMs / 2 }}
          width={width}
          height={height}
          hatch={`url(#${hatch})`}
          colour={trackColours[deadlineOf(request).state]}
          nowMs={nowMs}
        />
      )}
    </div>
  );
}
