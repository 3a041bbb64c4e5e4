"use client";

import { Box } from "@/components/requests/box.tsx";
import { dayWords } from "@/components/requests/request-words.ts";
import { ServerWords } from "@/components/requests/server-words.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { ScanPlace } from "@/lib/requests/scan-types.ts";
import { counted } from "@/lib/words.ts";

const looks: Record<ScanPlace["state"], State> = { clean: "ok", found: "warning", unknown: "unknown" };

/** Every place in which identifiers were looked for: clean, or what is left with why and until when. */
export function ScanPanel({ request }: { request: RequestDetail }) {
  const { scan } = request;
  if (!scan) return null;
  const { places, state, endedAt } = scan;
  const left = places.filter((place) => place.state !== "clean");
  const clean = places.filter((place) => place.state === "clean");
  return (
    <Box
      id="scan"
      title="What is left"
      unit={
        state === "running" ? (
          "is being looked for"
        ) : (
          <>
            looked <Time at={endedAt} show="moment" />
          </>
        )
      }
    >
      {state === "failed" && (
        <p className="mb-2 text-sm text-critical">
          The last look failed: nobody knows what is left. Look again.
        </p>
      )}
      {places.length > 0 && <p className="text-sm">{foundWords(places)}</p>}
      <ul className="mt-1 grid">
        {left.map((place) => (
          <li
            key={`${place.kind} ${place.target} ${place.where}`}
            className="grid gap-1.5 border-t border-hairline py-2.5 text-sm"
          >
            <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
              {isBeyond(place) ? (
                <StateBadge state="notice">out of the console's reach</StateBadge>
              ) : (
                <StateBadge state={looks[place.state]}>
                  {place.state === "found" ? `${formatNumber(place.found)} found` : "could not be looked at"}
                </StateBadge>
              )}
              <span className="min-w-0 font-medium break-words">{place.where}</span>
              {place.target && <span className="text-muted">on {place.target}</span>}
            </p>
            {(place.ground || place.until) && (
              <p className="text-muted">
                {place.ground && <ServerWords>{place.ground}</ServerWords>}
                {place.until && `${place.ground ? " Until" : "Until"} ${dayWords(place.until.slice(0, 10))}.`}
              </p>
            )}
            {place.sql && <SqlBlock sql={place.sql} maxHeight={140} />}
          </li>
        ))}
      </ul>
      {clean.length > 0 && (
        <details className="border-t border-hairline pt-2.5 text-sm">
          <summary className="text-muted hover:text-ink">
            {counted(clean.length, "place")} {clean.length === 1 ? "is" : "are"} clean
          </summary>
          <ul className="mt-2 grid gap-1 text-muted">
            {clean.map(({ kind, where, target }) => (
              <li key={`${kind} ${target} ${where}`} className="break-words">
                {where}
                {target && ` on ${target}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Box>
  );
}

/** Nobody can count there: it may hold what was, until its owner or time removes it. */
const isBeyond = ({ state, found }: ScanPlace) => state === "found" && found === 0;

function foundWords(places: readonly ScanPlace[]): string {
  const beyond = places.filter(isBeyond).length;
  const left = places.filter((place) => place.state !== "clean").length - beyond;
  const searched = counted(places.length - beyond, "place");
  const found =
    left === 0
      ? `Nothing of the person was found in ${searched}.`
      : `${left} of ${searched} ${left === 1 ? "holds" : "hold"} something, or could not be looked at.`;
  return beyond === 0
    ? found
    : `${found} ${counted(beyond, "place")} more cannot be searched by the console.`;
}
