"use client";

import { type ReactNode, useId, useState } from "react";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import type { AdminInput, BrowserActionName } from "@/lib/admin.ts";

interface ReasonDialogProps<Verb extends BrowserActionName> {
  verb: Verb;
  title: string;
  /** Words of the button. */
  button: string;
  /** What must be typed before it works. */
  phrase: string | undefined;
  dangerous: boolean;
  /** What is said when it was done; nothing where it waits for somebody else. */
  done?: string;
  input: (reason: string) => AdminInput<Verb>;
  /** Further fields, above the reason. */
  fields?: ReactNode;
  onDone?: () => void;
  onClose: () => void;
  /** What happens, what stays, what cannot be undone. */
  children: ReactNode;
}

/** A verb that is done for a reason, which is kept with it. */
export function ReasonDialog<Verb extends BrowserActionName>(props: ReasonDialogProps<Verb>) {
  const { input, fields, children, ...action } = props;
  const id = useId();
  const [reason, setReason] = useState("");
  return (
    <ActionDialog {...action} input={() => input(reason)}>
      {children}
      {fields}
      <Field
        label="Reason"
        htmlFor={id}
        hint="Name the request or the case. Names of people do not belong here."
      >
        <Input
          id={id}
          value={reason}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </ActionDialog>
  );
}
