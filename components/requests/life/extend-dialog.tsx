"use client";

import { useState } from "react";
import { NoteField } from "@/components/requests/note-field.tsx";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { SelectField } from "@/components/ui/fields.tsx";
import type { AdminInput } from "@/lib/admin.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";

type Ground = AdminInput<"extendRequest">["ground"];

interface ExtendDialogProps extends VerbDialogProps {
  request: VerbDialogProps["request"] & { regime: Regime };
}

/** The one extension: the person must have been told why within the first period. */
export function ExtendDialog({ request, onClose }: ExtendDialogProps) {
  const [ground, setGround] = useState<Ground>("complexity");
  const [note, setNote] = useState("");
  return (
    <ActionDialog
      verb="extendRequest"
      title={`Extend request #${request.number}`}
      button="Record the extension"
      done="Extended: the due day has moved"
      complete={note.trim() !== ""}
      input={() => ({ ...asShown(request), ground, note: note.trim() })}
      onClose={onClose}
    >
      <p>
        {request.regime === "california"
          ? "Once, to 90 days from receipt (Cal. Civ. Code § 1798.130(a)(2))."
          : "Once, to three months from receipt (Art. 12(3))."}{" "}
        Tell the person the reasons within the first period: record it when you have told them. It cannot be
        taken back.
      </p>
      <SelectField
        label="Why"
        value={ground}
        onChange={setGround}
        options={[
          ["complexity", "It is complex"],
          ["number", "There are many requests"],
        ]}
      />
      <NoteField label="The reasons, as the person was told them" value={note} onChange={setNote} />
    </ActionDialog>
  );
}
