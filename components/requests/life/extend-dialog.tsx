"use client";

import { useState } from "react";
import { NoteField } from "@/components/requests/note-field.tsx";
import { dayWords } from "@/components/requests/request-words.ts";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { SelectField } from "@/components/ui/fields.tsx";
import type { AdminInput } from "@/lib/admin.ts";
import type { Regime } from "@/lib/request-law/regimes.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";

type Ground = AdminInput<"extendRequest">["ground"];

interface ExtendDialogProps extends VerbDialogProps {
  request: VerbDialogProps["request"] & Pick<RequestDetail, "regime" | "clock">;
}

const mayBe: Record<Regime, string> = {
  eu: "Once, to three months from receipt (Art. 12(3)).",
  uk: "Once, to three months from the latest of receipt, identity and fee (Art. 12A).",
  california: "Once, to 90 days from receipt (Cal. Civ. Code §\u00a01798.130(a)(2)).",
};

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
        {mayBe[request.regime]} Tell the person why
        {request.clock.extendBy === null ? " first" : ` by ${dayWords(request.clock.extendBy)}`}, then record
        it here. It cannot be taken back.
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
