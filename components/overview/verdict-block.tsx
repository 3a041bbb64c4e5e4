"use client";

import { ArrowRight, BookOpen } from "lucide-react";
import { useIncidentVerbs } from "@/components/alerts/use-incident-verbs.tsx";
import { MendLink } from "@/components/partition-plan/mend-link.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { AgedFigures, AsOf } from "@/components/ui/aged-figures.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { type State, StateIcon, stateText } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import type { ReadOutput } from "@/lib/client/reads.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import type { ReadState } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { Overview, VerdictState } from "@/lib/overview/types.ts";
import { AcknowledgeButton, IncidentLink } from "./finding-incident.tsx";
import { BlindChecks, FindingList } from "./finding-list.tsx";
import { checkHref, findingHref, pageOfFinding } from "./finding-page.ts";
import { IncidentList } from "./incident-list.tsx";
import { joinIncidents } from "./join-incidents.ts";
import { readableTimes } from "./readable-times.ts";

const states: Record<VerdictState, { state: State; word: string; box: string }> = {
  ok: { state: "ok", word: "Healthy", box: "bg-panel border-hairline" },
  unknown: { state: "unknown", word: "Not all could be checked", box: "bg-panel border-hairline-strong" },
  notice: { state: "notice", word: "Worth knowing", box: "bg-notice-soft border-notice/35" },
  warning: { state: "warning", word: "Needs attention", box: "bg-warning-soft border-warning/40" },
  critical: { state: "critical", word: "Needs attention now", box: "bg-critical-soft border-critical/45" },
  down: { state: "critical", word: "Down", box: "bg-critical-soft border-critical/60" },
};

interface VerdictBlockProps {
  read: ReadState<Overview>;
  /** What is open here. */
  open: ReadState<ReadOutput<"incidents">>;
  /** Whether there is no more to wait for: what comes later may add lines. */
  ready: boolean;
}

/** The one sentence the page is for, what to do about it, and whatever else was found. */
export function VerdictBlock({ read, open, ready }: VerdictBlockProps) {
  const target = useTarget();
  const zone = useTimeZone();
  const { data, observed, error, aged } = read;
  const verbs = useIncidentVerbs();
  if (!data || !ready)
    return error && !data ? (
      <section
        aria-label="Verdict"
        className="flex min-h-28 items-start gap-3 rounded-lg border border-critical/45 bg-critical-soft p-5"
      >
        <StateIcon state="critical" className="mt-1 size-5" />
        <div className="grid gap-2">
          <h2 className="text-xl font-semibold">{error.message}</h2>
          {error.hint && <p className="text-sm text-muted">{error.hint}</p>}
          <div>
            <Button size="sm" onClick={read.refetch} pending={read.refreshing}>
              Try again
            </Button>
          </div>
        </div>
      </section>
    ) : (
      <div className="min-h-28">
        <span className="sr-only">Loading the verdict</span>
        <Skeleton className="h-28" />
      </div>
    );

  const { verdict, findings } = data;
  // Nobody can call a server healthy by an answer that is old.
  const { state, word, box } =
    aged && verdict.state === "ok"
      ? { ...states.unknown, word: "Not known now: it was healthy" }
      : states[verdict.state];
  const { joined, alone } = joinIncidents(findings, open.data?.incidents ?? []);
  const first = findings.find((finding) => finding.key === verdict.finding);
  const incident = joined.find(({ finding }) => finding === first)?.incident ?? null;
  const others = joined.filter(({ finding }) => finding !== first && !finding.unavailable);
  const blind = findings.filter((finding) => finding.unavailable);
  return (
    <section
      aria-labelledby="verdict-title"
      data-verdict={verdict.state}
      className="overflow-hidden rounded-lg border border-hairline bg-panel"
    >
      <AgedFigures aged={aged}>
        <div className={cn("-m-px flex items-start gap-3.5 rounded-lg border px-5 py-4.5", box)}>
          <StateIcon state={state} className="mt-1 size-5.5" />
          <div className="min-w-0 grow">
            <p className={cn("text-sm font-medium", stateText[state])}>
              <AsOf then=" · " />
              {word}
              {verdict.since && (
                <>
                  {" "}
                  · since <Time at={verdict.since} show="moment" /> (<Time at={verdict.since} />)
                </>
              )}
            </p>
            <h2
              id="verdict-title"
              className="mt-0.5 text-xl font-semibold tracking-tight text-balance break-words sm:text-2xl"
            >
              {readableTimes(verdict.title, zone)}
            </h2>
            <p className="mt-1 max-w-240 text-base text-pretty text-muted break-words">
              {readableTimes(verdict.detail, zone)}
            </p>
            {incident && <IncidentLink incident={incident} className="mt-2" />}
            {first && (
              <div className="mt-3 flex flex-wrap gap-2">
                {incident && (
                  <AcknowledgeButton
                    incident={incident}
                    verbs={verbs}
                    variant={first.mends ? "secondary" : "primary"}
                  />
                )}
                {first.mends && <MendLink mends={first.mends} variant="primary" />}
                <Button asChild size="sm">
                  <ConsoleLink href={findingHref(first, target)}>
                    Open {pageOfFinding(first)}
                    <ArrowRight aria-hidden />
                  </ConsoleLink>
                </Button>
                <Button asChild size="sm" variant="ghost">
                  <ConsoleLink href={checkHref(first, target)}>
                    <BookOpen aria-hidden />
                    Runbook
                  </ConsoleLink>
                </Button>
              </div>
            )}
          </div>
        </div>
        {others.length > 0 && <FindingList findings={others} verbs={verbs} />}
        {alone.length > 0 && <IncidentList incidents={alone} />}
        {blind.length > 0 && <BlindChecks findings={blind} />}
      </AgedFigures>
      <p className="flex flex-wrap gap-x-1.5 px-5 py-2 text-xs text-faint">
        <span>Checked: {data.checked.join(", ")}</span>
        {data.collectingSince && (
          <span>
            · figures over time since <Time at={data.collectingSince} show="moment" />
          </span>
        )}
        {/* Of one width whatever its age: a line that wraps at "2 s ago" and not at "now" moves the page each time. */}
        <span className="min-w-28">
          · updated <Time at={observed?.observedAt} />
        </span>
        {error && <span className="text-warning">· {error.message}</span>}
      </p>
      {verbs.dialog}
    </section>
  );
}
