"use client";

import { useState } from "react";
import { NoteField } from "@/components/requests/note-field.tsx";
import type { VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";

/** Makes the package anew, of what there is now. */
export function RemakeDialog({ request: { number }, onClose }: VerbDialogProps) {
  const [reason, setReason] = useState("");
  return (
    <ActionDialog
      verb="remakePackage"
      title={`Make the package of request #${number} again`}
      button="Make it again"
      done="The package is being made again"
      complete={reason.trim() !== ""}
      fields={["reason"]}
      input={() => ({ request: number, reason: reason.trim() })}
      onClose={onClose}
    >
      {(problemAt) => (
        <>
          <p>
            The package before it is deleted, and its link and passphrase end. The new one holds what there is
            now, under a passphrase of its own.
          </p>
          <NoteField label="Why" value={reason} onChange={setReason} {...problemAt("reason")} />
        </>
      )}
    </ActionDialog>
  );
}
