"use client";

import { useId, useState } from "react";
import type { AskedPlan } from "@/components/partition-plan/plan-url.ts";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { nameRelation } from "@/lib/quote-sql.ts";
import { AttachPlace } from "./attach-place.tsx";
import { parseRelation, qualify } from "./partition-inputs.ts";
import { learnedPlace, placeOf } from "./typed-place.ts";

interface AttachDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  table: { schema: string; name: string };
  onPlan: (request: AskedPlan) => void;
}

/** Asks which table is to become a partition, and of which branch; what that takes stands in the plan. */
export function AttachDialog({ open, onOpenChange, table, onPlan }: AttachDialogProps) {
  const id = useId();
  const [name, setName] = useState("");
  const [parent, setParent] = useState<string | null>(null);
  const [typed, setTyped] = useState(learnedPlace);
  const [tried, setTried] = useState(false);
  const [partition, branch] = [parseRelation(name.trim()), parseRelation((parent ?? qualify(table)).trim())];
  const place = placeOf(typed);
  function submit() {
    setTried(true);
    if (!partition || !branch || !place) return;
    onOpenChange(false);
    onPlan({ verb: "attach", partition, table: branch, ...place });
  }
  return (
    <FormDialog
      open={open}
      title={`Attach a table to ${nameRelation(table)}`}
      description="For one that was detached, or filled beside. Nothing happens before you have seen the plan."
      verb="See the plan"
      onSubmit={submit}
      onClose={() => onOpenChange(false)}
    >
      <Field
        label="Table"
        htmlFor={`${id}-name`}
        hint="With its schema unless that is public, as SQL has it."
        {...(tried &&
          !partition && { problem: 'Name a table, such as audit_log_2024_03 or archive."2024".' })}
      >
        <Input
          id={`${id}-name`}
          value={name}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={tried && !partition ? true : undefined}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field
        label="Becomes a partition of"
        htmlFor={`${id}-parent`}
        hint="A branch of the table where it has branches."
        {...(tried && !branch && { problem: "Name a partitioned table." })}
      >
        <Input
          id={`${id}-parent`}
          value={parent ?? qualify(table)}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={tried && !branch ? true : undefined}
          onChange={(event) => setParent(event.target.value)}
        />
      </Field>
      <AttachPlace typed={typed} onType={setTyped} tried={tried} />
    </FormDialog>
  );
}
