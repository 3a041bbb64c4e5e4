"use client";

import { Eye } from "lucide-react";
import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";
import type { AdminOutput } from "@/lib/admin.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { EventDetail } from "@/lib/events/types.ts";

type People = AdminOutput<"revealEvent">;

/** The people of an event: encrypted, and shown for a reason to those who handle personal data. */
export function RevealPeople({ event }: { event: EventDetail }) {
  const target = useTarget();
  const { person } = useConsole();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [people, setPeople] = useState<People | null>(null);
  const reveal = useAdminAction("revealEvent", { toastErrors: false });
  if (!event.people.actor && !event.people.target) return null;

  async function show() {
    const { id: eventId, occurredAt } = event;
    const shown = await reveal.run({ target, id: eventId, occurredAt, reason });
    if (!shown) return false;
    setPeople(shown);
    return true;
  }

  return (
    <section aria-label="People" className="grid gap-2 border-t border-hairline pt-4">
      <h3 className="text-sm font-medium">People</h3>
      {people ? (
        <>
          {people.actor && <Fields title="Actor" revealed={people.actor} />}
          {people.target && <Fields title="Target person" revealed={people.target} />}
        </>
      ) : roleReaches(person.role, "privacy_officer") ? (
        <div>
          <Button icon={<Eye />} onClick={() => setAsking(true)}>
            Show who this is
          </Button>
        </div>
      ) : (
        <p className="text-sm text-muted">
          Stored encrypted. A privacy officer or an administrator can show who this is, with a reason.
        </p>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Show who this is"
        verb="Show"
        dangerous={false}
        pending={reveal.pending}
        problem={reveal.error?.message ?? null}
        onConfirm={show}
      >
        <div className="grid gap-3">
          <p>That you looked, when and why is recorded here and in the audit log; what you see is not.</p>
          <ReasonField
            value={reason}
            onChange={setReason}
            hint="Name the ticket or the request, such as “Ticket AUD-1234”."
          />
        </div>
      </ConfirmDialog>
    </section>
  );
}

const names = { id: "Id", name: "Name", email: "E-mail", ip: "Address", userAgent: "Browser" } as const;

function Fields({ title, revealed }: { title: string; revealed: NonNullable<People["actor"]> }) {
  return (
    <div className="rounded-md border border-hairline p-3">
      <h4 className="mb-1.5 text-xs text-faint">{title}</h4>
      {revealed.state === "erased" && (
        <p className="text-sm">Erased: the key was destroyed, nobody can read this again.</p>
      )}
      {revealed.state === "unreadable" && <p className="text-sm">Cannot be read: {revealed.reason}.</p>}
      {revealed.state === "readable" && (
        <dl className="grid grid-cols-[5rem_1fr] gap-x-3 gap-y-1 text-sm [&_dt]:text-faint">
          {(Object.entries(names) as [keyof typeof names, string][]).map(([field, label]) => {
            const value = revealed.person[field];
            return value === undefined ? null : (
              <div key={field} className="contents">
                <dt>{label}</dt>
                <dd className="min-w-0 break-words">{value}</dd>
              </div>
            );
          })}
          {revealed.person.details && (
            <div className="contents">
              <dt>Details</dt>
              <dd className="min-w-0 font-mono text-xs break-words">
                {JSON.stringify(revealed.person.details)}
              </dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}
