"use client";

import { type ReactNode, useId, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import type { AdminInput, BrowserActionName } from "@/lib/admin.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";

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
  const { verb, title, button, phrase, dangerous, done, input, fields, onDone, onClose, children } = props;
  const id = useId();
  const [reason, setReason] = useState("");
  const action = useAdminAction(verb, { toastErrors: false, ...(done !== undefined && { done }) });
  async function confirm(typed: string) {
    const answer = await action.run(input(reason), phrase === undefined ? undefined : typed);
    if (answer === null) return false;
    onDone?.();
    return true;
  }
  const { error } = action;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      verb={button}
      dangerous={dangerous}
      pending={action.pending}
      problem={error && [error.message, error.hint].filter(Boolean).join(" ")}
      onConfirm={confirm}
      {...(phrase !== undefined && { phrase })}
    >
      <div className="grid gap-3">
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
      </div>
    </ConfirmDialog>
  );
}
