"use client";

import type { ReactNode } from "react";
import { BarList } from "@/components/charts/bar-list.tsx";
import type { ScopePart } from "@/components/requests/decision/decision-draft.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Sheet } from "@/components/ui/sheet.tsx";
import { Badge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import type { RequestScope } from "@/lib/requests/scope-types.ts";
import { counted } from "@/lib/words.ts";
import { ScopeFacts } from "./scope-facts.tsx";

interface ScopeSheetProps {
  part: ScopePart | null;
  scope: RequestScope;
  kind: RequestKind;
  onClose: () => void;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** One policy of one target: what keeps it, where it lies, a few rows to look at, and what stands in clear. */
export function ScopeSheet({ part, scope, kind, ...rest }: ScopeSheetProps) {
  return (
    <Sheet
      open={part !== null}
      title={part ? `${part.policy} on ${part.target}` : ""}
      description={part ? counted(part.events, "event") : ""}
      wide
      {...rest}
    >
      {part && <Found part={part} scope={scope} kind={kind} />}
    </Sheet>
  );
}

function Found({ part, scope, kind }: { part: ScopePart; scope: RequestScope; kind: RequestKind }) {
  const target = scope.targets.find((each) => each.target === part.target);
  const partitions = target?.partitions.filter(({ policy }) => policy === part.policy) ?? [];
  const samples = target?.samples.filter(({ policy }) => policy === part.policy) ?? [];
  const clear = target?.clear.filter(({ policy }) => policy === part.policy) ?? [];
  return (
    <div className="grid gap-6 text-sm">
      <ScopeFacts part={part} kind={kind} />
      {partitions.length > 0 && (
        <Section title="Partitions">
          <BarList
            label="Partitions"
            unit="count"
            items={partitions.map(({ partition, month, events }) => ({
              key: `${partition} ${month}`,
              label: partition,
              value: events,
              detail: month,
            }))}
          />
        </Section>
      )}
      {target && target.actions.length > 0 && (
        <Section title={`Actions on ${part.target}, of every policy`}>
          <BarList
            label="Actions"
            unit="count"
            items={target.actions.map(({ action, events }) => ({
              key: action,
              label: action,
              value: events,
            }))}
          />
        </Section>
      )}
      {target && target.classes.length > 0 && (
        <p className="flex flex-wrap gap-2">
          {target.classes.map(({ classification, events }) => (
            <Badge key={classification}>
              {classification} {formatNumber(events)}
            </Badge>
          ))}
        </p>
      )}
      {samples.length > 0 && (
        <Section title="A few of them">
          <ul className="grid">
            {samples.map(({ id, occurredAt, action, role }) => (
              <li
                key={id}
                className="flex flex-wrap items-baseline gap-x-3 border-t border-hairline py-1.5 first:border-t-0"
              >
                <EventLink target={part.target} id={id} />
                <span className="min-w-0 flex-1 break-words">{action}</span>
                <span className="text-muted">{role === "actor" ? "they acted" : "acted on"}</span>
                <Time at={occurredAt} show="moment" className="text-faint" />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {clear.length > 0 && (
        <Section title="Identifiers in clear fields">
          <p className="text-muted">
            These are removed by redaction when the request is carried out; the values are shown nowhere.
          </p>
          <ul className="grid">
            {clear.map(({ id, occurredAt, fields }) => (
              <li
                key={id}
                className="flex flex-wrap items-baseline gap-x-3 border-t border-hairline py-1.5 first:border-t-0"
              >
                <EventLink target={part.target} id={id} />
                <span className="min-w-0 flex-1 break-words">{fields.join(", ")}</span>
                <Time at={occurredAt} show="moment" className="text-faint" />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

function EventLink({ target, id }: { target: string; id: string }) {
  return (
    <ConsoleLink
      href={`/${encodeURIComponent(target)}/events?event=${id}`}
      className="font-mono text-xs text-accent hover:underline"
      title={id}
    >
      …{id.slice(-12)}
    </ConsoleLink>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-2">
      <h3 className="text-base font-semibold">{title}</h3>
      {children}
    </section>
  );
}
