"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { readKey } from "@/lib/client/reads.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { CommentForm } from "./comment-form.tsx";
import { IncidentActions } from "./incident-actions.tsx";
import { Before, Runbook, Told } from "./incident-aside.tsx";
import { IncidentHead } from "./incident-head.tsx";
import { incidentInput } from "./incident-input.ts";
import { IncidentObjects } from "./incident-objects.tsx";
import { IncidentTimeline } from "./incident-timeline.tsx";
import { incidentHref, objectsWords } from "./incident-words.ts";
import { backToInbox } from "./last-inbox.ts";
import { useIncidentKeys } from "./use-incident-keys.ts";
import { useIncidentVerbs } from "./use-incident-verbs.tsx";
import { ValuePanel } from "./value-panel.tsx";

/** One incident: what it is and who has it, what to do, its figure, its objects and everything that happened to it. */
export function IncidentView({ number }: { number: number }) {
  const target = useTarget();
  const client = useQueryClient();
  const router = useRouter();
  const { person } = useConsole();
  const input = incidentInput(number);
  const read = useRead("incident", input);
  const verbs = useIncidentVerbs();
  const [sending, setSending] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const may = roleReaches(person.role, "operator");
  const incident = read.previous ? undefined : read.data;
  const backHref = backToInbox(target);
  useIncidentKeys({
    act: (verb) =>
      incident && may && (verb === "comment" ? box.current?.focus() : verbs.ask(verb, [incident])),
    back: () => router.push(backHref),
  });

  async function send(text: string): Promise<boolean> {
    if (!incident) return false;
    setSending(text);
    setProblem(null);
    const why = await verbs.comment(incident, text);
    if (why === null) await client.refetchQueries({ queryKey: readKey(target, "incident", input) });
    setSending(null);
    setProblem(why);
    return why === null;
  }

  // The number is its name on every target: a link that names another one leads on.
  const elsewhere = incident && incident.target !== target ? incidentHref(incident) : null;
  useEffect(() => {
    if (elsewhere) router.replace(elsewhere);
  }, [elsewhere, router]);

  if (!incident || elsewhere)
    return read.error ? (
      <div className="h-80">
        <EmptyState
          title={read.error.message}
          action={
            <Button size="sm" onClick={read.refetch} pending={read.refreshing}>
              Try again
            </Button>
          }
        >
          {read.error.hint}
        </EmptyState>
      </div>
    ) : (
      <div className="grid gap-3" aria-busy>
        <span className="sr-only">Loading the incident</span>
        <Skeleton className="h-40" />
        <Skeleton className="h-80" />
      </div>
    );

  return (
    <article
      aria-label={`Incident #${incident.number}`}
      data-state={incident.state}
      data-condition={incident.condition}
    >
      <IncidentHead incident={incident} backHref={backHref} />
      <div className="mt-4 mb-5 grid gap-2">
        <IncidentActions incident={incident} verbs={verbs} />
        {verbs.refusal && !verbs.dialog && (
          <p
            role="alert"
            className="max-w-200 rounded-md border border-warning/40 bg-warning-soft px-3 py-2 text-sm"
          >
            <strong className="font-medium">Nothing was done.</strong> {verbs.refusal.message}
          </p>
        )}
      </div>
      <div className="grid items-start gap-4 *:min-w-0 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
        <div className="lg:col-start-2">
          <Runbook incident={incident} />
        </div>
        <div className="grid gap-4 *:min-w-0 lg:col-start-1 lg:row-span-2 lg:row-start-1">
          <ValuePanel read={read} />
          <Panel
            id="objects"
            title="Objects"
            unit={objectsWords(incident.alerts.length)}
            read={read}
            height={60}
          >
            {({ alerts }) => <IncidentObjects alerts={alerts} />}
          </Panel>
          <Panel id="timeline" title="What happened" unit="oldest first" read={read} height={120}>
            {({ timeline }) => (
              <div className="grid grid-cols-1 gap-3 pb-2">
                <IncidentTimeline events={timeline} sending={sending} />
                {may && <CommentForm incidentId={incident.id} onSend={send} problem={problem} box={box} />}
              </div>
            )}
          </Panel>
        </div>
        <div className="grid gap-4 lg:col-start-2">
          <Told incident={incident} />
          <Before incident={incident} />
        </div>
      </div>
      {verbs.dialog}
    </article>
  );
}
