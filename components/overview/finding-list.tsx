"use client";

import { ArrowRight, BookOpen, ChevronRight } from "lucide-react";
import type { ComponentProps } from "react";
import type { IncidentVerbs } from "@/components/alerts/use-incident-verbs.tsx";
import { MendLink } from "@/components/partition-plan/mend-link.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { SqlBlock } from "@/components/ui/sql-block.tsx";
import { StateBadge, StateIcon } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Finding } from "@/lib/evaluation/finding.ts";
import { AcknowledgeButton, IncidentLink } from "./finding-incident.tsx";
import { checkHref, findingHref, pageOfFinding } from "./finding-page.ts";
import type { JoinedFinding } from "./join-incidents.ts";
import { readableTimes } from "./readable-times.ts";

interface FindingListProps {
  findings: readonly JoinedFinding[];
  verbs: IncidentVerbs;
}

/** Findings besides the verdict: those that are incidents with who has them, then the others, each worst first. */
export function FindingList({ findings, verbs }: FindingListProps) {
  const target = useTarget();
  const zone = useTimeZone();
  return (
    <ul aria-label="More findings" className="divide-y divide-hairline">
      {findings.map(({ finding, incident, leads }) => (
        <li key={finding.key} className="flex items-start hover:bg-hover">
          <div className="min-w-0 grow py-3">
            <ConsoleLink
              href={findingHref(finding, target)}
              className="group flex min-w-0 items-start gap-3 pl-5 -outline-offset-2"
            >
              <span className="w-5.5 shrink-0 pt-px">
                <StateIcon state={finding.severity} />
              </span>
              <span className="min-w-0 grow">
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <span className="min-w-0 font-medium wrap-anywhere">
                    {readableTimes(finding.title, zone)}
                  </span>
                  {finding.since && (
                    <span className="text-xs text-faint">
                      since <Time at={finding.since} show="moment" />
                    </span>
                  )}
                </span>
                <span className="block max-w-200 text-sm text-muted wrap-anywhere">
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
            {(incident || finding.mends) && (
              <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 pl-13.5">
                {incident && <IncidentLink incident={incident} />}
                {incident && leads && <AcknowledgeButton incident={incident} verbs={verbs} />}
                {finding.mends && <MendLink mends={finding.mends} />}
              </div>
            )}
          </div>
          <ConsoleLink
            href={checkHref(finding, target)}
            aria-label={`Runbook of ${finding.check}`}
            title="What to do, limits and every object of this check"
            className="shrink-0 px-5 py-3 text-muted -outline-offset-2 hover:text-accent"
          >
            <BookOpen aria-hidden className="my-0.5 size-4" />
          </ConsoleLink>
        </li>
      ))}
    </ul>
  );
}

/** Checks that did not judge: never counted as fine. Time alone helps some, for the others each says what would. */
export function BlindChecks({ findings }: { findings: readonly Finding[] }) {
  const [learning, blind] = [findings.filter(isLearning), findings.filter((each) => !isLearning(each))];
  const until = learning.map(({ unavailable }) => unavailable?.until?.getTime() ?? 0);
  return (
    <>
      {learning.length > 0 && (
        <Unjudged findings={learning} data-learning-checks>
          {learning.length === 1 ? "1 check is" : `${learning.length} checks are`} learning until{" "}
          <Time at={new Date(Math.max(...until))} show="moment" />
        </Unjudged>
      )}
      {blind.length > 0 && (
        <Unjudged findings={blind} data-blind-checks>
          {blind.length === 1 ? "1 check could not run" : `${blind.length} checks could not run`}: result
          unknown
        </Unjudged>
      )}
    </>
  );
}

function isLearning({ unavailable }: Finding): boolean {
  return unavailable?.until !== undefined;
}

function Unjudged({
  findings,
  children,
  ...rest
}: ComponentProps<"details"> & { findings: readonly Finding[] }) {
  return (
    <details className="group border-t border-hairline first-of-type:border-t-0" {...rest}>
      <summary className="flex list-none items-center gap-3 px-5 py-2.5 text-sm -outline-offset-2 hover:bg-hover">
        <StateIcon state="unknown" />
        <span className="ml-1.5 grow text-muted">{children}</span>
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
