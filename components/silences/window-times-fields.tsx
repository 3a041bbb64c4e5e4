"use client";

import { useDeferredValue, useId } from "react";
import { Choice } from "@/components/ui/choice.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { WindowDraft } from "./window-draft.ts";
import { recurringOf } from "./window-draft.ts";

interface FieldsProps {
  draft: WindowDraft;
  onChange: (to: Partial<WindowDraft>) => void;
}

/** When a window is: once, or by the clock with its next five occurrences. */
export function WindowTimesFields({ draft, onChange }: FieldsProps) {
  const id = useId();
  const zone = useTimeZone();
  const text = (name: "from" | "to" | "cron" | "timeZone" | "minutes", more: object = {}) => (
    <Input
      id={`${id}-${name}`}
      value={draft[name]}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange({ [name]: event.target.value })}
      {...more}
    />
  );
  const local = zone === "utc" ? "UTC" : "local time";
  return (
    <div className="grid gap-3">
      <div>
        <Choice
          label="How often"
          value={draft.kind}
          onChange={(kind) => onChange({ kind })}
          choices={[
            ["recurring", "Again and again"],
            ["once", "Once"],
          ]}
        />
      </div>
      {draft.kind === "once" ? (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={`Begins (${local})`} htmlFor={`${id}-from`}>
            {text("from", { type: "datetime-local" })}
          </Field>
          <Field label={`Ends (${local})`} htmlFor={`${id}-to`}>
            {text("to", { type: "datetime-local" })}
          </Field>
        </div>
      ) : (
        <>
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label="Begins" htmlFor={`${id}-cron`} hint="Minute, hour, day of month, month, weekday.">
              {text("cron", { className: "font-mono text-sm" })}
            </Field>
            <Field label="Time zone" htmlFor={`${id}-timeZone`} hint="An IANA name, such as Europe/Berlin.">
              {text("timeZone", { list: `${id}-zones` })}
            </Field>
            <Field label="Minutes" htmlFor={`${id}-minutes`} hint="How long each lasts.">
              {text("minutes", { inputMode: "numeric" })}
            </Field>
          </div>
          <Occurrences draft={draft} />
          <datalist id={`${id}-zones`}>
            {Intl.supportedValuesOf("timeZone").map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </>
      )}
    </div>
  );
}

function Occurrences({ draft }: { draft: WindowDraft }) {
  const asked = recurringOf(useDeferredValue(draft));
  const read = useRead("windowOccurrences", asked ?? { cron: "0 0 * * *", minutes: 1 }, {
    polled: false,
    enabled: asked !== null,
  });
  return (
    <section aria-label="Next occurrences" className="grid min-h-34 content-start gap-1">
      <h3 className="text-sm font-medium">
        Next occurrences{asked && read.data?.words && <span className="text-muted">: {read.data.words}</span>}
      </h3>
      {asked === null ? (
        <p className="text-sm text-muted">Shown once every field can be read.</p>
      ) : read.error ? (
        <Problem>
          {Object.entries(read.error.fields ?? {})
            .map(([field, words]) => `${field} ${words}`)
            .join(" ") || read.error.message}
        </Problem>
      ) : (
        <ol className="grid gap-0.5 text-sm tabular-nums">
          {read.data?.next.map(({ from, to }) => (
            <li key={String(from)}>
              <Time at={from} show="instant" /> <span className="text-muted">to</span>{" "}
              <Time at={to} show="moment" />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
