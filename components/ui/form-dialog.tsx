"use client";

/**
 * <FormDialog title="New channel" verb="Make channel" complete={name !== ""} pending={set.pending}
 *   problem={errorWords(set.error)} onSubmit={submit} onClose={onClose}>
 *   <Field label="Name" …/>
 * </FormDialog>
 * A form in a dialog: its fields, what went wrong below them, and two buttons. It is handed in once at a time, and stays, locked,
 * while that is pending.
 */
import { type FormEvent, type ReactNode, type RefObject, useId } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { Dialog } from "./dialog.tsx";
import type { DialogProps } from "./dialog-props.ts";
import { Problem } from "./problem.tsx";

interface FormDialogProps extends Pick<DialogProps, "title" | "description" | "size"> {
  /** true unless its owner keeps it while it is closed. */
  open?: boolean;
  /** Words of the button that hands it in. */
  verb: ReactNode;
  /** Words of the button that leaves it; "Cancel" unless that is what the verb is called. */
  dismiss?: string;
  dangerous?: boolean;
  /** false while something that it needs is not filled in. */
  complete?: boolean;
  pending?: boolean;
  /** What went wrong last time. */
  problem?: ReactNode;
  /** Its form, for whoever looks for a field in it. */
  form?: RefObject<HTMLFormElement | null>;
  /** Something was typed in it. */
  onEdit?: () => void;
  /** true where the browser must not judge the fields by itself. */
  noValidate?: boolean;
  /** More room between groups of fields. */
  wide?: boolean;
  /** true where reading begins at the top, not at the first field. */
  beginAtTop?: boolean;
  /** Only while it is complete and not pending. */
  onSubmit: (form: HTMLFormElement) => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormDialog({
  open = true,
  verb,
  dismiss = "Cancel",
  dangerous = false,
  complete = true,
  pending = false,
  problem,
  form,
  onEdit,
  noValidate,
  wide = false,
  beginAtTop = false,
  onSubmit,
  onClose,
  children,
  ...box
}: FormDialogProps) {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (complete && !pending) onSubmit(event.currentTarget);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      locked={pending}
      footer={
        <>
          <Button onClick={onClose} disabled={pending}>
            {dismiss}
          </Button>
          <Button
            type="submit"
            form={id}
            variant={dangerous ? "danger" : "primary"}
            pending={pending}
            disabled={!complete}
          >
            {verb}
          </Button>
        </>
      }
      {...box}
    >
      <form
        ref={form}
        id={id}
        onSubmit={submit}
        onInput={onEdit}
        noValidate={noValidate}
        className={cn("grid outline-none", wide ? "gap-5" : "gap-4")}
        {...(beginAtTop && { "data-begin": true, tabIndex: -1 })}
      >
        {children}
        <Problem>{problem}</Problem>
      </form>
    </Dialog>
  );
}
