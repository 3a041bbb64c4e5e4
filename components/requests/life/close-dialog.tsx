"use client";

import { useState } from "react";
import { asShown } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { TextField } from "@/components/ui/fields.tsx";
import { requestKinds } from "@/lib/request-law/kinds.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";

interface CloseDialogProps {
  request: RequestSummary;
  onClose: () => void;
}

/** Ends a request whose answer is on record, and says until when what it says of the person is kept. */
export function CloseDialog({ request, onClose }: CloseDialogProps) {
  const [day, setDay] = useState("");
  return (
    <ActionDialog
      verb="closeRequest"
      title={`Close request #${request.number}`}
      button="Close request"
      done={`Request #${request.number} is closed`}
      fields={["keptUntil"]}
      input={() => ({ ...asShown(request), ...(day && { keptUntil: `${day}T00:00:00Z` }) })}
      onClose={onClose}
    >
      {(problemAt) => (
        <>
          <ul className="grid list-disc gap-1 pl-4">
            <li>The request ends and its certificate is signed; nobody can change it afterwards.</li>
            {requestKinds[request.kind].destructive && (
              <li>
                What a floor or a hold still keeps is destroyed by itself when that ends. Each adds a
                supplement to the certificate, without reopening the request.
              </li>
            )}
            <li>What it says of the person stays sealed until its date, then its key is destroyed.</li>
          </ul>
          <TextField
            label="Keep what it says of the person until"
            hint="Left open: three years from now, until claims are barred. Never before the last floor that it waits for."
            {...problemAt("keptUntil")}
            type="date"
            value={day}
            onChange={setDay}
          />
        </>
      )}
    </ActionDialog>
  );
}
