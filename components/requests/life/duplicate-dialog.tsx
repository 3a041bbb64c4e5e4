"use client";

import { useState } from "react";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { TextField } from "@/components/ui/fields.tsx";

/** It is the same as another request of the same person, which goes on in its place. */
export function DuplicateDialog({ request, onClose }: VerbDialogProps) {
  const [typed, setTyped] = useState("");
  const of = Number(typed.replace(/^#/, ""));
  return (
    <ActionDialog
      verb="linkDuplicate"
      title={`Mark request #${request.number} as a duplicate`}
      button="Mark as duplicate"
      done={`Request #${request.number} is closed as a duplicate of #${of}`}
      complete={Number.isSafeInteger(of) && of > 0 && of !== request.number}
      fields={["of"]}
      input={() => ({ ...asShown(request), of })}
      onClose={onClose}
    >
      {(problemAt) => (
        <>
          <p>The other request goes on, with its own clock. This one ends here, and both say so.</p>
          <TextField
            label="Number of the request that goes on"
            {...problemAt("of")}
            inputMode="numeric"
            value={typed}
            onChange={setTyped}
          />
        </>
      )}
    </ActionDialog>
  );
}
