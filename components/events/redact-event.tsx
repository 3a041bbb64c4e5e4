"use client";

import { Eraser } from "lucide-react";
import { useState } from "react";
import { ReasonDialog } from "@/components/privacy/reason-dialog.tsx";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { roleReaches } from "@/lib/client/roles.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { EventDetail } from "@/lib/events/types.ts";

const clear = {
  details: "Details",
  targetId: "Target id",
  outcome: "Outcome",
  correlationId: "Correlation id",
} as const;
type ClearField = keyof typeof clear;
const sealed = { actor: "Actor's ciphertext", target: "Target person's ciphertext" } as const;
type Sealed = keyof typeof sealed;

/** Takes values out of one event for whoever handles personal data; the row and its leaf stay. */
export function RedactEvent({ event }: { event: EventDetail }) {
  const { person } = useConsole();
  const [asking, setAsking] = useState(false);
  if (!roleReaches(person.role, "privacy_officer")) return null;
  return (
    <section aria-label="Redaction" className="border-t border-hairline pt-4">
      <Button icon={<Eraser />} onClick={() => setAsking(true)}>
        Redact values
      </Button>
      {asking && <Ask event={event} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Ask({ event, onClose }: { event: EventDetail; onClose: () => void }) {
  const target = useTarget();
  const [fields, setFields] = useState<ClearField[]>([]);
  const [personal, setPersonal] = useState<Sealed[]>([]);
  const { id, occurredAt } = event;
  const there = (Object.keys(clear) as ClearField[]).filter((field) => isThere(event, field));
  const people = (Object.keys(sealed) as Sealed[]).filter((who) => event.people[who]);
  return (
    <ReasonDialog
      verb="redactValues"
      title="Redact values of this event"
      button="Ask for a second person"
      phrase={`redact 1 event on ${target}`}
      dangerous
      input={(reason) => ({ target, events: [{ id, occurredAt }], fields, personal, reason })}
      onClose={onClose}
      fields={
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-sm font-medium text-ink">Which</legend>
          {there.map((field) => (
            <Checkbox
              key={field}
              label={clear[field]}
              checked={fields.includes(field)}
              onChange={(on) => setFields(on ? [...fields, field] : fields.filter((each) => each !== field))}
            />
          ))}
          {people.map((who) => (
            <Checkbox
              key={who}
              label={sealed[who]}
              checked={personal.includes(who)}
              onChange={(on) =>
                setPersonal(on ? [...personal, who] : personal.filter((each) => each !== who))
              }
            />
          ))}
        </fieldset>
      }
    >
      <p>
        What is chosen is taken out of the row for good; the event stays, and its leaf still verifies. A
        second privacy officer must agree. Backups, WAL and subscribers keep it until they are gone: the job
        says which there are.
      </p>
    </ReasonDialog>
  );
}

function isThere(event: EventDetail, field: ClearField): boolean {
  if (field === "details") return Object.keys(event.details).length > 0;
  return event[field] !== null;
}
