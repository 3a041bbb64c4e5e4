"use client";

import { Fragment, useId, useRef } from "react";
import { useWidth } from "@/components/charts/use-width.ts";
import { dayMs, trackOf } from "@/components/requests/board/deadline-tracks.ts";
import { HatchPattern } from "@/components/requests/board/hatch-pattern.tsx";
import { TrackBar } from "@/components/requests/board/track-bar.tsx";
import { trackColours } from "@/components/requests/board/track-colours.ts";
import { Box } from "@/components/requests/box.tsx";
import { dayWords, deadlineOf } from "@/components/requests/request-words.ts";
import { Time } from "@/components/ui/time.tsx";
import { useNow } from "@/lib/client/now.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { counted } from "@/lib/words.ts";

const kinds = {
  identity: "Proof of identity was asked for",
  clarification: "They were asked what they mean",
  fee: "A fee was asked for",
} as const;
/** By which law the clock stands meanwhile. */
const pausedBy: Partial<Record<Regime, Partial<Record<keyof typeof kinds, string>>>> = {
  eu: { identity: "Art. 12(6)", clarification: "Recital 63" },
  uk: { identity: "Art. 12A", clarification: "Art. 12A", fee: "Art. 12A" },
};
const extendedBy: Record<Regime, string> = {
  eu: "Art. 12(3)",
  uk: "Art. 12A",
  california: "§ 1798.130(a)(2)",
};

/** The country of requests that came in before a controller was set. */
const unnamed = "ZZ";

/** The clock as a ledger: when it ran, when it stood and why, and what moved the due day. */
export function ClockPanel({ request }: { request: RequestDetail }) {
  const { clock, regime, intervals, receivedAt, extendedAt, timeZone, country, region, dueOn } = request;
  const { respondedAt, closedAt } = request;
  return (
    <Box id="clock" title="Clock">
      <Drawn request={request} />
      <dl className="mt-2 grid gap-2 text-sm">
        <Line at={receivedAt} what="Received: the clock begins" />
        {intervals.map(({ kind, beganAt, endedAt }) => {
          const law = pausedBy[regime]?.[kind];
          return (
            <Fragment key={`${kind} ${beganAt}`}>
              <Line at={beganAt} what={law ? `${kinds[kind]} (${law})` : kinds[kind]} />
              {endedAt && <Line at={endedAt} what={law ? "It came: the clock ran on" : "It came"} />}
            </Fragment>
          );
        })}
        {extendedAt && (
          <Line at={extendedAt} what={`Extended once, the person was told why (${extendedBy[regime]})`} />
        )}
        {respondedAt && <Line at={respondedAt} what="Answered: the clock ends" />}
        {closedAt && !respondedAt && <Line at={closedAt} what="Ended: no answer is due" />}
        <div className="flex items-baseline justify-between gap-3 border-t border-hairline pt-2">
          <dt className="font-medium">Due</dt>
          <dd className="text-right font-medium">
            {closedAt && !respondedAt
              ? "no more"
              : dueOn === null
                ? "none while it is paused"
                : dayWords(dueOn)}
          </dd>
        </div>
      </dl>
      <p className="mt-2 text-xs text-faint">
        {clock.stoodDays > 0 && `It was paused ${counted(clock.stoodDays, "day")}. `}
        {extendedAt === null &&
          respondedAt === null &&
          closedAt === null &&
          clock.extendBy !== null &&
          `It can be extended once, if the person is told by ${dayWords(clock.extendBy)}. `}
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
