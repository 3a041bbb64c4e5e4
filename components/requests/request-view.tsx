"use client";

import dynamic from "next/dynamic";
import { hasLetter, LetterPanel } from "@/components/requests/answer/letter-panel.tsx";
import { DecisionPanel } from "@/components/requests/decision/decision-panel.tsx";
import { CertificatePanel } from "@/components/requests/execution/certificate-panel.tsx";
import { ExecutionPanel } from "@/components/requests/execution/execution-panel.tsx";
import { ScanPanel } from "@/components/requests/execution/scan-panel.tsx";
import { ClockPanel } from "@/components/requests/life/clock-panel.tsx";
import { FilesPanel } from "@/components/requests/life/files-panel.tsx";
import { PersonPanel } from "@/components/requests/life/person-panel.tsx";
import { TimelinePanel } from "@/components/requests/life/timeline-panel.tsx";
import { PackagePanel } from "@/components/requests/package/package-panel.tsx";
import { NextStepCard } from "@/components/requests/steps/next-step-card.tsx";
import { RequestPath } from "@/components/requests/steps/request-path.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { loadCode } from "@/lib/client/load-code.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import { RequestHead } from "./request-head.tsx";
import { requestsPath } from "./request-words.ts";
import { ofConsole, requestInput } from "./requests-input.ts";
import { useKeptFocus } from "./use-kept-focus.ts";
import { OpenedProvider } from "./use-opened.tsx";

const ScopePanel = dynamic(
  () => loadCode(() => import("@/components/requests/scope/scope-panel.tsx")).then((m) => m.ScopePanel),
  {
    ssr: false,
    loading: () => <Skeleton className="h-80" />,
  },
);

/** One request on its way from receipt to certificate. */
export function RequestView({ number }: { number: number }) {
  const read = useRead("request", requestInput(number), ofConsole);
  const target = useTarget();
  const keptFocus = useKeptFocus();
  const request = read.previous ? undefined : read.data;
  if (!request)
    return read.error ? (
      <div className="h-80">
        <EmptyState
          title={read.error.message}
          action={
            read.error.code === "NOT_FOUND" ? (
              <ConsoleLink href={requestsPath(target)} className="text-sm text-accent hover:underline">
                All requests
              </ConsoleLink>
            ) : (
              read.error.code !== "FORBIDDEN" && (
                <Button size="sm" onClick={read.refetch} pending={read.refreshing}>
                  Try again
                </Button>
              )
            )
          }
        >
          {read.error.hint}
        </EmptyState>
      </div>
    ) : (
      <div className="grid gap-4" aria-busy>
        <span className="sr-only">Loading the request</span>
        <Skeleton className="h-24" />
        <Skeleton className="h-20" />
        <Skeleton className="h-96" />
      </div>
    );
  const { kind, scope, executedAt, erasures, certificates } = request;
  const begun = executedAt !== null || erasures.length > 0;
  return (
    <OpenedProvider key={request.id} number={number}>
      <article
        aria-label={`Request #${number}`}
        data-state={request.state}
        className="grid gap-4 *:min-w-0"
        {...keptFocus}
      >
        <RequestHead request={request} aged={read.aged} />
        <section
          aria-label="The way to the certificate"
          className="grid gap-5 rounded-lg border border-hairline bg-panel p-4"
        >
          <RequestPath request={request} />
          <NextStepCard request={request} />
        </section>
        {/* On a phone the clock and who asks stand before the timeline, which only grows. */}
        <div className="grid items-start gap-4 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_23rem] lg:grid-rows-[auto_1fr]">
          <div className="grid gap-4 *:min-w-0 empty:hidden">
            {certificates.length > 0 && <CertificatePanel request={request} />}
            {hasLetter(request) && <LetterPanel request={request} />}
            {requestKinds[kind].package && begun && <PackagePanel request={request} />}
            {requestKinds[kind].destructive && request.scan && <ScanPanel request={request} />}
            {begun && <ExecutionPanel request={request} />}
            {isDecided(request) && <DecisionPanel request={request} />}
            {scope && <ScopePanel request={request} />}
          </div>
          <div className="grid gap-4 *:min-w-0 lg:col-start-2 lg:row-span-2 lg:row-start-1">
            <ClockPanel request={request} />
            <PersonPanel request={request} />
            <FilesPanel request={request} />
          </div>
          <TimelinePanel request={request} />
        </div>
      </article>
    </OpenedProvider>
  );
}

function isDecided({ decision, decidedAt }: RequestDetail): boolean {
  return decision !== null && decidedAt !== null;
}
