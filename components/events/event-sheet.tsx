"use client";

import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Fact } from "@/components/ui/fact.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { EventDetail } from "@/lib/events/types.ts";
import { checkText, checkWords } from "./event-words.ts";
import { type EventFilter, keyOfText } from "./events-input.ts";
import { RedactEvent } from "./redact-event.tsx";
import { RevealPeople } from "./reveal-people.tsx";

interface SheetProps {
  eventKey: string | null;
  onClose: () => void;
  onFilter: (change: Partial<Omit<EventFilter, "before">>) => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One event with all it holds; who stands behind its tokens only for those who may see that. */
export function EventSheet({ eventKey, onFilter, ...rest }: SheetProps) {
  const key = keyOfText(eventKey);
  const read = useRead("event", key ?? { occurredAt: "", id: "" }, { enabled: key !== null, polled: false });
  const event = read.previous ? undefined : read.data;
  return (
    <Sheet open={key !== null} title={event?.action ?? "Event"} description={event?.occurredAt} {...rest}>
      {read.error && <p className="text-sm text-critical">{read.error.message}</p>}
      {!event && !read.error && <Skeleton className="h-80" />}
      {event && <EventBody key={event.id} event={event} onFilter={onFilter} />}
    </Sheet>
  );
}

function EventBody({ event, onFilter }: { event: EventDetail; onFilter: SheetProps["onFilter"] }) {
  const check = checkWords[event.check];
  const { correlationId } = event;
  return (
    <div className="grid gap-5">
      <section aria-label="Integrity" className="grid gap-1">
        <div>
          <StateBadge state={check.state}>leaf {checkText(event)}</StateBadge>
        </div>
        <p className="text-sm text-muted">{check.words}</p>
      </section>
      <dl className="grid grid-cols-[7.5rem_1fr] gap-x-4 gap-y-2 text-sm [&_dt]:text-faint">
        <Fact name="Status">
          {event.status}
          {event.outcome && <span className="text-muted"> · {event.outcome}</span>}
        </Fact>
        <Fact name="Occurred">
          <Code>{event.occurredAt}</Code>
        </Fact>
        <Fact name="Recorded">
          <Code>{event.recordedAt}</Code>
        </Fact>
        <Fact name="Organisation">
          <FilterLink onClick={() => onFilter({ organization: event.organizationId })}>
            {event.organizationId}
          </FilterLink>
        </Fact>
        <Fact name="Actor">
          <Token token={event.actorToken} onClick={(actor) => onFilter({ actor })} />
        </Fact>
        <Fact name="Target">{[event.targetType, event.targetId].filter(Boolean).join(" ") || "–"}</Fact>
        {event.targetToken && (
          <Fact name="Target person">
            <Token token={event.targetToken} onClick={(about) => onFilter({ about })} />
          </Fact>
        )}
        <Fact name="Correlation">
          {correlationId ? (
            <FilterLink onClick={() => onFilter({ correlation: correlationId })}>{correlationId}</FilterLink>
          ) : (
            "–"
          )}
        </Fact>
        <Fact name="Class · policy">
          {event.dataClassification} · {event.retentionPolicy}
        </Fact>
        <Fact name="Took">{event.processingMs === null ? "–" : `${event.processingMs} ms`}</Fact>
        <Fact name="Event id">
          <Code>{event.id}</Code>
        </Fact>
        <Fact name={`Leaf v${event.leafVersion}`}>
          {event.leaf ? (
            <span className="flex items-start gap-1">
              <Code>{event.leaf}</Code>
              <CopyButton text={event.leaf} label="Copy the leaf" />
            </span>
          ) : (
            "–"
          )}
        </Fact>
      </dl>
      <section aria-label="Details" className="grid gap-1.5">
        <h3 className="text-sm font-medium">Details</h3>
        <pre className="overflow-x-auto rounded-md border border-hairline bg-inset p-3 font-mono text-xs">
          {JSON.stringify(event.details, null, 2)}
        </pre>
      </section>
      <RevealPeople event={event} />
      <RedactEvent event={event} />
    </div>
  );
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-xs break-all">{children}</code>;
}

function Token({ token, onClick }: { token: string | null; onClick: (token: string) => void }) {
  if (token === null) return <>–</>;
  return (
    <FilterLink onClick={() => onClick(token)}>
      <Code>{token}</Code>
    </FilterLink>
  );
}

function FilterLink({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      title="Show only events with this"
      className="text-left break-all underline decoration-hairline-strong underline-offset-2 hover:decoration-current"
    >
      {children}
    </button>
  );
}
