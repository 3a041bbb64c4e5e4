"use client";

/**
 * <ActionDialog verb="closeRequest" title="Close request #4" button="Close" done="It is closed" input={() => ({ … })} onClose={close}>
 *   What it does, and fields for what it wants to know.
 * </ActionDialog>
 * A ConfirmDialog that does an admin action; its failures stay in it, at their field where there is one.
 */
import { type ReactNode, useRef, useState } from "react";
import type { AdminInput, AdminOutput, BrowserActionName } from "@/lib/admin.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { type ProblemAt, useFieldProblems } from "@/lib/client/use-field-problems.ts";
import type { ResultError } from "@/lib/result.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";

interface ActionDialogProps<Verb extends BrowserActionName> {
  verb: Verb;
  title: string;
  /** Words of the button. */
  button: string;
  input: () => AdminInput<Verb>;
  /** What is said when it was done; nothing where it waits for somebody else. */
  done?: string;
  /** false while something that it needs is not filled in. */
  complete?: boolean;
  /** Fields of the input at which its problems are shown. */
  fields?: readonly string[];
  /** What can be said of a field before the server is asked; null: nothing is wrong. */
  check?: () => Record<string, string> | null;
  /** What must be typed before the button works. */
  phrase?: string | undefined;
  dangerous?: boolean;
  onDone?: (data: AdminOutput<Verb>) => void;
  /** After it was done, and when it is left. */
  onClose: () => void;
  /** When it is left, where it goes on after it was done. */
  onCancel?: () => void;
  children: ReactNode | ((problemAt: ProblemAt) => ReactNode);
}

export function ActionDialog<Verb extends BrowserActionName>(props: ActionDialogProps<Verb>) {
  const { verb, title, button, input, done, complete = true, phrase, dangerous = false } = props;
  const { fields = [], check, onDone, onClose, onCancel = onClose, children } = props;
  const ended = useRef(false);
  const action = useAdminAction(verb, { toastErrors: false, ...(done !== undefined && { done }) });
  const [checked, setChecked] = useState<ResultError | null>(null);
  const { form, problemAt, rest } = useFieldProblems(checked ?? action.error, fields);
  async function confirm(typed: string) {
    const wrong = check?.();
    if (wrong) {
      setChecked({ code: "BAD_INPUT", message: "Mend it first.", retryable: false, fields: wrong });
      return false;
    }
    const data = await action.run(input(), phrase === undefined ? undefined : typed);
    if (data === null) return false;
    ended.current = true;
    onDone?.(data);
    return true;
  }
  function clear() {
    setChecked(null);
    action.clearError();
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && (ended.current ? onClose() : onCancel())}
      title={title}
      verb={button}
      complete={complete}
      dangerous={dangerous}
      pending={action.pending}
      problem={rest}
      form={form}
      onEdit={clear}
      onConfirm={confirm}
      {...(phrase !== undefined && { phrase })}
    >
      <div className="grid gap-3">{typeof children === "function" ? children(problemAt) : children}</div>
    </ConfirmDialog>
  );
}
