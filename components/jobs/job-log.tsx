"use client";

import { useLayoutEffect, useRef } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Time } from "@/components/ui/time.tsx";
import type { FollowedJob } from "@/lib/client/use-job.ts";
import type { JobLogLine } from "@/lib/work/types.ts";

interface LogProps {
  lines: readonly JobLogLine[];
  /** How many it has said in all. */
  total: number;
  live: FollowedJob["live"];
  onEarlier: (() => void) | null;
}

const tones = { info: "", warn: "text-warning", error: "text-critical" };
const nearEndPixels = 24;

/** What a job says, as it says it. Stays at the end, unless somebody reads further up. */
export function JobLog({ lines, total, live, onEarlier }: LogProps) {
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const first = lines[0]?.seq;
  const before = useRef({ first, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    // Earlier lines came in above: what was read stays where it is.
    else if (first !== before.current.first)
      element.scrollTop += element.scrollHeight - before.current.height;
    before.current = { first, height: element.scrollHeight };
  });
  return (
    <section aria-label="Log" className="grid grid-cols-1 gap-1.5">
      <h3 className="flex items-baseline gap-2 text-sm font-medium">
        Log
        <span className="text-xs font-normal text-faint">
          {total === 1 ? "1 line" : `${total} lines`}
          {live === "stream" && " · following"}
        </span>
      </h3>
      {total === 0 && live === "ended" ? (
        <p className="text-sm text-muted">It said nothing.</p>
      ) : (
        <section
          ref={box}
          aria-label="Lines"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
          tabIndex={0}
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < nearEndPixels;
          }}
          className="h-56 overflow-auto rounded-md border border-hairline bg-inset p-3 font-mono text-xs"
        >
          {onEarlier && (
            <Button size="sm" variant="ghost" onClick={onEarlier} className="mb-1">
              Earlier lines
            </Button>
          )}
          {lines.length === 0 ? (
            <p className="font-sans text-sm text-muted">
              {total === 0 ? "It has said nothing yet." : "Loading…"}
            </p>
          ) : (
            <ol>
              {lines.map((line) => (
                <li key={line.seq} className="flex gap-3">
                  <Time at={line.at} show="second" className="shrink-0 text-faint" />
                  <span className={cn("min-w-0 break-words whitespace-pre-wrap", tones[line.level])}>
                    {line.level !== "info" && <span className="sr-only">{line.level}: </span>}
                    {line.message}
                  </span>
                </li>
              ))}
            </ol>
          )}
        </section>
      )}
    </section>
  );
}
