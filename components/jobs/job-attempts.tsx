"use client";

import { Badge, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import { useNow } from "@/lib/client/now.ts";
import type { JobAttempt } from "@/lib/work/types.ts";
import { attemptStates, secondsBetween } from "./job-words.ts";

/** Each claim of the job: by which worker, how long, and how it ended. */
export function JobAttempts({ attempts }: { attempts: readonly JobAttempt[] }) {
  const now = useNow();
  return (
    <section aria-label="Attempts" className="grid grid-cols-1 gap-1.5">
      <h3 className="text-sm font-medium">Attempts</h3>
      {attempts.length === 0 && <p className="text-sm text-muted">No worker has taken it yet.</p>}
      <ol className="grid grid-cols-1 divide-y divide-hairline rounded-md border border-hairline empty:hidden">
        {attempts.map((attempt) => (
          <li key={attempt.attempt} className="grid gap-0.5 px-3 py-2 text-sm">
            <span className="flex flex-wrap items-center gap-2">
              <span className="font-medium">Attempt {attempt.attempt}</span>
              <Outcome outcome={attempt.outcome} />
              <span className="ml-auto text-xs text-muted">
                <Time at={attempt.startedAt} show="second" />
                {now !== null &&
                  ` · ${formatSeconds(Math.floor(secondsBetween(attempt.startedAt, attempt.endedAt ?? now) ?? 0))}`}
              </span>
            </span>
            {attempt.error && <span className="text-critical">{attempt.error.message}</span>}
            <code
              className="truncate font-mono text-2xs text-faint"
              title="host : process id : start of the process"
            >
              {attempt.worker}
            </code>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Outcome({ outcome }: Pick<JobAttempt, "outcome">) {
  if (outcome === null) return <StateBadge state="notice">running</StateBadge>;
  const [state, words] = attemptStates[outcome];
  return state ? <StateBadge state={state}>{words}</StateBadge> : <Badge>{words}</Badge>;
}
