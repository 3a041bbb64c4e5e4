"use client";

import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Blocker } from "@/lib/partition-plan/types.ts";

/** Sessions whose locks a step would have to wait for, as they are now, each with the way to it. */
export function PlanBlockers({ blockers }: { blockers: readonly Blocker[] }) {
  const target = useTarget();
  return (
    <section aria-labelledby="plan-blockers" className="grid gap-1.5">
      <h3 id="plan-blockers" className="text-sm font-medium">
        In the way now
      </h3>
      {blockers.length === 0 ? (
        <p className="text-sm text-muted">No session holds a lock that these steps need.</p>
      ) : (
        <ul className="divide-y divide-hairline rounded-md border border-hairline">
          {bySession(blockers).map(([blocker, ...more]) => (
            <li key={blocker.pid} className="flex items-start gap-2.5 px-3 py-2 text-sm">
              <StateIcon state="warning" className="mt-px" />
              <span className="min-w-0 grow">
                <span className="font-medium break-words">{blocker.application || "A session"}</span>
                {blocker.user && <span className="text-muted"> ({blocker.user})</span>}
                <span className="block text-muted">
                  {blocker.state ?? "state not shown"}
                  {blocker.since && (
                    <>
                      , transaction since <Time at={blocker.since} show="moment" />
                    </>
                  )}
                  {[blocker, ...more].map(({ mode, relation }) => (
                    <span key={`${relation} ${mode}`} className="block break-words">
                      {mode === "snapshot" ? "its snapshot is awaited for" : `holds ${mode} on`}{" "}
                      <code className="font-mono text-xs">{relation}</code>
                    </span>
                  ))}
                </span>
              </span>
              <ConsoleLink
                href={`/${encodeURIComponent(target)}/connections?session=${blocker.pid}`}
                className="shrink-0 text-accent underline-offset-2 hover:underline"
              >
                pid {blocker.pid}
              </ConsoleLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A session is told once, with all that it holds. */
function bySession(blockers: readonly Blocker[]) {
  return [...Map.groupBy(blockers, ({ pid }) => pid).values()] as [Blocker, ...Blocker[]][];
}
