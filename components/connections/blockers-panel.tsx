"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { cn } from "@/components/ui/cn.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { BlockerNode } from "@/lib/connections/types.ts";
import { BlockerBranch } from "./blocker-branch.tsx";
import { connectionInputs } from "./connections-inputs.ts";

/** Who waits for whose lock: those who block without waiting first, whoever waits for them below. */
export function BlockersPanel() {
  const read = useRead("blockers", connectionInputs.blockers());
  return (
    <Panel
      id="blockers"
      title="Who blocks whom"
      unit="locks now"
      read={read}
      height={220}
      info={{
        what: "Sessions that wait for a lock, below the one that holds it. The first of each tree waits for nobody: when its transaction ends, the others move. The console's own sessions are never left out here.",
        sql: "select pid, pg_blocking_pids(pid) as blocked_by, wait_event_type, state, query\nfrom pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0;",
      }}
      table={(data) => ({
        columns: [
          { label: "pid" },
          { label: "blocked by" },
          { label: "waits", unit: "seconds" },
          { label: "for" },
          { label: "application" },
        ],
        rows: data.roots
          .flatMap(flatten)
          .map((node) => [
            node.pid,
            node.blockedBy.join(" "),
            node.waitsFor?.waitSeconds ?? null,
            node.waitsFor?.words ?? null,
            node.session?.application ?? null,
          ]),
      })}
    >
      {(data, view) =>
        data.roots.length === 0 ? (
          <div className="h-55">
            <EmptyState icon={<StateIcon state="ok" className="size-5" />} title="No lock waits" />
          </div>
        ) : (
          <div className={cn("grid content-start gap-2", !view.expanded && "h-55 overflow-y-auto")}>
            <ul aria-label="Blockers" className="grid gap-2">
              {data.roots.map((root) => (
                <BlockerBranch key={root.pid} node={root} />
              ))}
            </ul>
            {data.notShown > 0 && (
              <p className="text-sm text-muted">{data.notShown} more wait and were not looked into.</p>
            )}
            {data.hidden && <p className="text-sm text-muted">{data.hidden.reason}</p>}
          </div>
        )
      }
    </Panel>
  );
}

export function flatten(node: BlockerNode): BlockerNode[] {
  return [node, ...node.waiters.flatMap(flatten)];
}
