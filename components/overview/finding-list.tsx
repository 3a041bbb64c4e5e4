"use client";

import { ArrowRight, ChevronRight } from "lucide-react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { StateBadge, StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Finding } from "@/lib/evaluation/finding.ts";
import { findingHref, pageOfFinding } from "./finding-page.ts";
import { readableTimes } from "./readable-times.ts";

/** Findings besides the verdict, in the order they came: worst first. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const target = useTarget();
  const zone = useTimeZone();
  return (
    <ul aria-label="More findings" className="divide-y divide-hairline">
      {findings.map((finding) => (
        <li key={finding.key}>
          <ConsoleLink
            href={findingHref(finding, target)}
            className="group flex items-start gap-3 px-5 py-3 -outline-offset-2 hover:bg-hover"
          >
            <span className="w-5.5 shrink-0 pt-px">
              <StateIcon state={finding.severity} />
            </span>
            <span className="min-w-0 grow">
              <span className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium break-words">{readableTimes(finding.title, zone)}</span>
                {finding.since && (
                  <span className="text-xs text-faint">
                    since <Time at={finding.since} show="moment" />
                  </span>
                )}
              </span>
              <span className="block max-w-200 text-sm text-muted break-words">
                {readableTimes(finding.detail, zone)}
              </span>
            </span>
            <span className="hidden shrink-0 items-center gap-2 sm:flex">
              <StateBadge state={finding.severity}>{finding.severity}</StateBadge>
              <span className="flex w-28 items-center justify-end gap-1 text-sm text-muted group-hover:text-accent">
                {pageOfFinding(finding)}
                <ArrowRight aria-hidden className="size-3.5" />
              </span>
            </span>
          </ConsoleLink>
        </li>
      ))}
    </ul>
  );
}

/** Checks that could not look: never counted as fine, each with what would let it. */
export function BlindChecks({ findings }: { findings: readonly Finding[] }) {
  return (
    <details className="group border-t border-hairline first-of-type:border-t-0" data-blind-checks>
      <summary className="flex list-none items-center gap-3 px-5 py-2.5 text-sm -outline-offset-2 hover:bg-hover">
        <StateIcon state="unknown" />
        <span className="ml-1.5 grow text-muted">
          {findings.length === 1 ? "1 check could not run" : `${findings.length} checks could not run`}:
          result unknown
        </span>
        <ChevronRight aria-hidden className="size-4 text-faint transition-transform group-open:rotate-90" />
      </summary>
      <ul className="grid gap-3 px-5 pt-1 pb-3.5 sm:pl-13.5">
        {byReason(findings).map(([first, ...others]) => (
          <li key={first.key} className="grid max-w-200 gap-1 text-sm">
            {[first, ...others].map((finding) => (
              <p key={finding.key} className="font-medium">
                {finding.title}
              </p>
            ))}
            <p className="text-muted">{first.unavailable?.reason ?? first.detail}</p>
            {first.unavailable?.enable && (
              <div className="mt-1 max-w-160">
                <SqlBlock sql={first.unavailable.enable} maxHeight={140} label="Copy what enables it" />
              </div>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

type Group = [Finding, ...Finding[]];

/** One grant often enables several checks: it is said once. */
function byReason(findings: readonly Finding[]): Group[] {
  const reasonOf = ({ unavailable, detail }: Finding) =>
    JSON.stringify([unavailable?.reason ?? detail, unavailable?.enable ?? null]);
  return [...Map.groupBy(findings, reasonOf).values()] as Group[];
}
