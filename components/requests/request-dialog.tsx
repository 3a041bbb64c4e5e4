"use client";

import { type ReactNode, useRef, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import type { AdminInput, AdminOutput, BrowserActionName } from "@/lib/admin.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useFieldProblems } from "@/lib/client/use-field-problems.ts";
import type { ResultError } from "@/lib/result.ts";

/** What is wrong with a field of the dialog, for its Field. */
export type ProblemAt = (path: string) => { problem?: string };

interface RequestDialogProps<Verb extends BrowserActionName> {
  verb: Verb;
  title: string;
  button: string;
  input: () => AdminInput<Verb>;
  done: string;
  /** false while something that it needs is not filled in. */
  complete?: boolean;
  /** Fields of the input at which its problems are shown. */
  fields?: readonly string[];
  /** What can be said of a field before the server is asked; null: nothing is wrong. */
  check?: () => Record<string, string> | null;
  phrase?: string;
  dangerous?: boolean;
  onDone?: (data: AdminOutput<Verb>) => void;
  /** After it was done, and when it is left. */
  onClose: () => void;
  /** When it is left, where it goes on after it was done. */
  onCancel?: () => void;
  children: ReactNode | ((problemAt: ProblemAt) => ReactNode);
}

/** A verb of one request: what it does, what it wants to know, and its button. Failures stay in it, at their field where there is one. */
export function RequestDialog<Verb extends BrowserActionName>(props: RequestDialogProps<Verb>) {
  const { verb, title, button, input, done, complete = true, phrase, dangerous = false } = props;
  const { fields = [], check, onDone, onClose, onCancel = onClose, children } = props;
  const ended = useRef(false);
  const action = useAdminAction(verb, { toastErrors: false, done });
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

export interface VerbDialogProps {
  request: { number: number; version: number };
  onClose: () => void;
}

/** What every verb of a request is given: which, and as it was shown. */
export const asShown = ({ number, version }: VerbDialogProps["request"]) => ({ request: number, version });
