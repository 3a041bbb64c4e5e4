"use client";

import { useState } from "react";
import { NoteField, noted } from "@/components/requests/note-field.tsx";
import { asShown } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { SelectField } from "@/components/ui/fields.tsx";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { useGrounds } from "./use-grounds.ts";

interface RefuseDialogProps {
  request: RequestSummary;
  onClose: () => void;
}

/** Refuses the whole with one ground, also before anything was counted. */
export function RefuseDialog({ request, onClose }: RefuseDialogProps) {
  const { number } = request;
  const { law, error } = useGrounds(request);
  const grounds = law?.whole ?? [];
  const [picked, setGround] = useState<string | null>(null);
  const ground = picked ?? grounds[0]?.id ?? "";
  const [note, setNote] = useState("");
  const chosen = grounds.find((each) => each.id === ground);
  // It opens with its ground, so that nothing moves below the hand.
  if (!law && !error) return null;
  return (
    <ActionDialog
      verb="decideRequest"
      title={`Refuse request #${number}`}
      button="Refuse request"
      done={`Request #${number} is refused: tell them why`}
      dangerous
      complete={chosen !== undefined}
      input={() => ({ ...asShown(request), ground, ...noted(note) })}
      onClose={onClose}
    >
      <p>The whole is refused and nothing is carried out. The person must be told within the month.</p>
      <SelectField
        label="Ground"
        value={ground}
        onChange={setGround}
        options={grounds.map((each) => [each.id, `${each.law}: ${each.title}`])}
      />
      {chosen && (
        <blockquote className="grid gap-1 border-l-2 border-hairline-strong pl-3 text-sm">
          <p>{chosen.words.en}</p>
          <p>{law?.remedy}</p>
        </blockquote>
      )}
      <NoteField label="On what it rests" value={note} onChange={setNote} />
    </ActionDialog>
  );
}
