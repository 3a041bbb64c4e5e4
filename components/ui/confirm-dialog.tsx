"use client";

/**
 * <ConfirmDialog open={open} onOpenChange={setOpen} title="Revoke token ci-reader" verb="Revoke token"
 *   phrase="ci-reader" pending={revoke.pending} onConfirm={async (typed) => (await revoke.run({ id }, typed)) !== null}>
 *   What happens, who is affected, what cannot be undone.
 * </ConfirmDialog>
 * Asks for the typed phrase when given. Stays, locked, while pending; closes when `onConfirm` answers true.
 */
import { type ReactNode, type RefObject, useId, useState } from "react";
import { FormDialog } from "./form-dialog.tsx";
import { Field, Input } from "./input.tsx";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The verb with its object: "Revoke token ci-reader". */
  title: string;
  /** Words of the button. */
  verb: string;
  /** Words of the button that leaves it; "Cancel" unless that is what the verb is called. */
  dismiss?: string;
  /** What must be typed before the button works. */
  phrase?: string;
  /** false while something that it needs is not filled in. */
  complete?: boolean;
  /** false for what can be undone. */
  dangerous?: boolean;
  pending: boolean;
  /** What went wrong last time. */
  problem?: string | null;
  /** Its form, for whoever looks for a field in it. */
  form?: RefObject<HTMLFormElement | null>;
  /** Something was typed in it. */
  onEdit?: () => void;
  /** Given what was typed, which the server checks again. */
  onConfirm: (typed: string) => Promise<boolean>;
  children: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    open,
    onOpenChange,
    title,
    verb,
    dismiss = "Cancel",
    phrase,
    complete = true,
    dangerous = true,
    pending,
    problem,
    form,
    onEdit,
    onConfirm,
    children,
  } = props;
  const [typed, setTyped] = useState("");
  const id = useId();
  const close = () => {
    setTyped("");
    onOpenChange(false);
  };
  return (
    <FormDialog
      open={open}
      title={title}
      verb={verb}
      dismiss={dismiss}
      dangerous={dangerous}
      complete={complete && (phrase === undefined || typed === phrase)}
      pending={pending}
      problem={problem}
      {...(form && { form })}
      {...(onEdit && { onEdit })}
      onSubmit={async () => (await onConfirm(typed)) && close()}
      onClose={close}
    >
      <div className="text-base text-muted">{children}</div>
      {phrase !== undefined && (
        <Field
          label={
            <>
              Type <code className="rounded-sm bg-inset px-1 font-mono">{phrase}</code> to confirm
            </>
          }
          htmlFor={`${id}-phrase`}
        >
          <Input
            id={`${id}-phrase`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
    </FormDialog>
  );
}
