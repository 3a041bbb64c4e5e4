"use client";

import { useId, useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { formatMoment } from "@/lib/client/format-time.ts";
import { fromInputValue, toInputValue } from "@/lib/client/input-time.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { snoozeChoices } from "./snooze-choices.ts";

/** What must be said before it is done: until when, why, or the comment itself. */
export type AskedVerb = "snooze" | "close" | "comment";

interface VerbDialogProps {
  verb: AskedVerb;
  incidents: readonly IncidentLine[];
  pending: boolean;
  problem: string | null;
  onDo: (said: { until?: Date; text: string }) => void;
  onCancel: () => void;
}

export function VerbDialog({ verb, incidents, pending, problem, onDo, onCancel }: VerbDialogProps) {
  const zone = useTimeZone();
  const now = useNow(60_000) ?? Date.now();
  const [text, setText] = useState("");
  const [until, setUntil] = useState<Date | null>(null);
  const id = useId();
  const about = incidents.length === 1 ? `#${incidents[0]?.number}` : `${incidents.length} incidents`;
  const ready = verb === "snooze" ? until !== null && until.getTime() > now : text.trim() !== "";
  const submit = () => onDo({ ...(until && { until }), text: text.trim() });
  const { title, button } = words[verb](about);
  return (
    <FormDialog
      title={title}
      {...(incidents.length === 1 && { description: incidents[0]?.title })}
      size="sm"
      verb={button}
      complete={ready}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onCancel}
    >
      {verb === "snooze" && (
        <>
          <fieldset className="grid grid-cols-2 gap-2">
            <legend className="sr-only">Until</legend>
            {snoozeChoices(now, zone).map((choice) => (
              <button
                key={choice.label}
                type="button"
                aria-pressed={until?.getTime() === choice.until.getTime()}
                onClick={() => setUntil(choice.until)}
                className={cn(
                  "grid rounded-md border px-3 py-1.5 text-left text-sm",
                  until?.getTime() === choice.until.getTime()
                    ? "border-accent bg-accent-soft"
                    : "border-hairline-strong hover:bg-hover",
                )}
              >
                {choice.label}
                <span className="text-xs text-muted">{formatMoment(choice.until, now, zone)}</span>
              </button>
            ))}
          </fieldset>
          <Field
            label={`Until (${zone === "utc" ? "UTC" : "local time"})`}
            htmlFor={`${id}-until`}
            {...(until && until.getTime() <= now && { problem: "That time has passed." })}
            hint="It comes back then if it still fires; sooner for another object or a higher severity."
          >
            <Input
              id={`${id}-until`}
              type="datetime-local"
              value={until ? toInputValue(until.getTime(), zone) : ""}
              min={toInputValue(now, zone)}
              onChange={(event) => setUntil(fromInputValue(event.target.value, zone))}
            />
          </Field>
        </>
      )}
      {verb === "close" && (
        <p className="text-sm text-muted">
          {incidents.length === 1 ? "It still fires" : "Some of them still fire"}: what is closed while it
          fires is told again only when it begins anew or grows graver.
        </p>
      )}
      {verb !== "snooze" && (
        <Field label={verb === "close" ? "Why is it closed all the same?" : "Comment"} htmlFor={`${id}-text`}>
          <textarea
            id={`${id}-text`}
            rows={3}
            value={text}
            maxLength={4_000}
            onChange={(event) => setText(event.target.value)}
            className="w-full min-w-0 resize-y rounded-md border border-hairline-strong bg-panel px-2.5 py-1.5 text-base hover:border-control"
          />
        </Field>
      )}
    </FormDialog>
  );
}

const words: Record<AskedVerb, (about: string) => { title: string; button: string }> = {
  snooze: (about) => ({ title: `Snooze ${about}`, button: "Snooze" }),
  close: (about) => ({ title: `Close ${about}`, button: "Close all the same" }),
  comment: (about) => ({ title: `Comment on ${about}`, button: "Comment" }),
};
