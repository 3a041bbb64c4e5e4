"use client";

import type { SubjectPolicy } from "@/lib/privacy/types.ts";
import { counted } from "@/lib/words.ts";
import { dayOf, policyName } from "./privacy-words.ts";
import { ReasonDialog } from "./reason-dialog.tsx";

interface EraseDialogProps {
  person: string;
  of: SubjectPolicy;
  onDone: () => void;
  onClose: () => void;
}

/** Says what will be gone, what stays and until when; somebody else must agree before anything happens. */
export function EraseDialog({ person, of, onDone, onClose }: EraseDialogProps) {
  const { target, policy, events, dueAt, holds, sharedKey } = of;
  const kept = dueAt !== null && new Date(dueAt) > new Date();
  return (
    <ReasonDialog
      verb="erasePolicy"
      title={`Erase ${policyName(policy)} on ${target}`}
      button="Ask for a second person"
      phrase={`erase ${policy} on ${target}`}
      dangerous
      input={(reason) => ({ person, target, policy, reason })}
      onDone={onDone}
      onClose={onClose}
    >
      <ul className="grid list-disc gap-1 pl-4 text-sm">
        <li>
          The key of {events === null ? "their events" : counted(events, "event")} there is destroyed, in the
          console and so for every backup of the log. Nobody can read them again, or tell whose they were.
          Backups of the console itself hold it until the master key that wraps it is replaced and destroyed.
        </li>
        <li>The events stay, with their leaves: the log still proves that it was not changed.</li>
        {kept && <li>The law keeps this policy until {dayOf(dueAt)}: the key goes by itself on that day.</li>}
        {holds.length > 0 && (
          <li>
            {holds.map(({ number, name }) => `Hold #${number} ${name}`).join(", ")} keeps it back: it goes on
            when released.
          </li>
        )}
        {sharedKey && (
          <li>
            Some of it stands under a key from before policies had their own: that one is closed now, and
            destroyed when the last policy under it may go.
          </li>
        )}
        <li>
          What comes from now on gets a new key. A second privacy officer must agree. It cannot be undone.
        </li>
      </ul>
    </ReasonDialog>
  );
}
