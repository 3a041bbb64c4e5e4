"use client";

import type { ReactNode } from "react";
import { useOpenPlan } from "@/components/partition-plan/plan-url.ts";
import { Button } from "@/components/ui/button.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { nameRelation } from "@/lib/quote-sql.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";
import { UpkeepActions } from "./upkeep-actions.tsx";
import { aheadInWords, outcomeStates, windowInWords } from "./upkeep-words.ts";

/** One rule: its next run first, what it says, how its last run came out, and what may be done with it. */
export function UpkeepRule({ rule }: { rule: Upkeep }) {
  return (
    <li
      data-upkeep={nameRelation(rule.table)}
      className="grid gap-x-6 gap-y-3 py-3 first:pt-0 last:pb-0 sm:grid-cols-[12rem_minmax(0,1fr)_minmax(0,1fr)_auto] sm:items-start"
    >
      <div>
        <p className="text-xs text-muted">Next run</p>
        <NextRun rule={rule} />
      </div>
      <Part label={nameRelation(rule.table)}>
        <span className="font-medium">{aheadInWords(rule)}</span>
        <span className="block text-muted">
          {rule.words ?? <code className="font-mono text-xs">{rule.cron}</code>}, {rule.timeZone},{" "}
          {windowInWords(rule.window)}
        </span>
      </Part>
      <Part label="Last run">
        <LastRun rule={rule} />
      </Part>
      <UpkeepActions rule={rule} />
    </li>
  );
}

function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 text-sm">
      <p className="truncate text-xs text-muted">{label}</p>
      <div className="break-words">{children}</div>
    </div>
  );
}

function NextRun({ rule }: { rule: Upkeep }) {
  const [, show] = useOpenPlan();
  const { openJobId: job } = rule;
  if (job)
    return (
      <p className="flex items-center gap-2 text-lg font-semibold">
        runs now
        <Button size="sm" variant="ghost" className="h-6 text-accent" onClick={() => show({ job })}>
          Open
        </Button>
      </p>
    );
  if (rule.state === "proposed") return <StateBadge state="notice">proposed, not approved</StateBadge>;
  if (!rule.nextRun) return <StateBadge state="warning">paused</StateBadge>;
  return (
    <p className="text-lg font-semibold">
      <Time at={rule.nextRun} />
      <span className="block text-xs font-normal text-muted">
        <Time at={rule.nextRun} show="moment" />
      </span>
    </p>
  );
}

function LastRun({ rule }: { rule: Upkeep }) {
  const { last } = rule;
  if (!last)
    return (
      <span className="text-muted">
        {rule.state === "proposed" ? (
          <>
            none: proposed by {rule.proposedBy} <Time at={rule.proposedAt} />
          </>
        ) : (
          <>
            none yet, approved by {rule.approvedBy} <Time at={rule.approvedAt} />
          </>
        )}
      </span>
    );
  return (
    <>
      <StateBadge state={outcomeStates[last.outcome]}>{last.outcome}</StateBadge> <Time at={last.at} />
      <span className="block text-muted">{last.words}</span>
    </>
  );
}
