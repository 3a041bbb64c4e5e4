"use client";

import { Check, Moon, Undo2, UserRound, X } from "lucide-react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { SilenceIncident } from "@/components/silences/silence-incident.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { AssignMenu } from "./assign-menu.tsx";
import type { IncidentVerbs } from "./use-incident-verbs.tsx";

/** What may be done with it now; nothing for whoever may only look. */
export function IncidentActions({ incident, verbs }: { incident: IncidentLine; verbs: IncidentVerbs }) {
  const { person } = useConsole();
  if (incident.state === "closed") return null;
  if (!roleReaches(person.role, "operator"))
    return <p className="text-sm text-muted">Acknowledging and closing need the role Operator.</p>;
  const { state, condition, assignee } = incident;
  const firing = condition === "firing";
  const held = state === "acknowledged" || state === "snoozed";
  return (
    <fieldset className="flex flex-wrap gap-2 max-sm:grid max-sm:grid-cols-2 [&>button:first-of-type:nth-last-of-type(odd)]:col-span-2">
      <legend className="sr-only">Actions</legend>
      {held ? (
        // Keys: a button that takes another's place while it is pressed must not get the click.
        <Button
          key="take-back"
          icon={<Undo2 />}
          pending={verbs.pending === "unacknowledge"}
          onClick={() => verbs.ask("unacknowledge", [incident])}
        >
          {state === "snoozed" ? "End the snooze" : "Take it back"}
        </Button>
      ) : (
        firing && (
          <Button
            key="acknowledge"
            variant="primary"
            icon={<Check />}
            pending={verbs.pending === "acknowledge"}
            title="I have it (a)"
            onClick={() => verbs.ask("acknowledge", [incident])}
          >
            Acknowledge
          </Button>
        )
      )}
      <AssignMenu
        trigger={<Button icon={<UserRound />}>{assignee ? assignee.name : "Assign"}</Button>}
        current={assignee?.id ?? null}
        onAssign={(to) => verbs.assign([incident], to)}
      />
      {firing && (
        <Button
          icon={<Moon />}
          title="Put it off until later (s)"
          onClick={() => verbs.ask("snooze", [incident])}
        >
          Snooze
        </Button>
      )}
      {firing && <SilenceIncident incident={incident} />}
      <Button
        variant={firing ? "secondary" : "primary"}
        icon={<X />}
        pending={verbs.pending === "close"}
        title={firing ? "It still fires: closing it needs a reason (e)" : "It is over (e)"}
        onClick={() => verbs.ask("close", [incident])}
      >
        Close
      </Button>
    </fieldset>
  );
}
