"use client";

import { type ReactNode, useRef } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import type { AdminInput, AdminOutput, BrowserActionName } from "@/lib/admin.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";

interface RequestDialogProps<Verb extends BrowserActionName> {
  verb: Verb;
  title: string;
  button: string;
  input: () => AdminInput<Verb>;
  done: string;
  /** false while something that it needs is not filled in. */
  complete?: boolean;
  phrase?: string;
  dangerous?: boolean;
  onDone?: (data: AdminOutput<Verb>) => void;
  /** After it was done, and when it is left. */
  onClose: () => void;
  /** When it is left, where it goes on after it was done. */
  onCancel?: () => void;
  children: ReactNode;
}

/** A verb of one request: what it does, what it wants to know, and its button. Failures stay in it. */
export function RequestDialog<Verb extends BrowserActionName>(props: RequestDialogProps<Verb>) {
  const { verb, title, button, input, done, complete = true, phrase, dangerous = false } = props;
  const { onDone, onClose, onCancel = onClose, children } = props;
  const ended = useRef(false);
  const action = useAdminAction(verb, { toastErrors: false, done });
  async function confirm(typed: string) {
    const data = await action.run(input(), phrase === undefined ? undefined : typed);
    if (data === null) return false;
    ended.current = true;
    onDone?.(data);
    return true;
  }
  const { error } = action;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && (ended.current ? onClose() : onCancel())}
      title={title}
      verb={button}
      complete={complete}
      dangerous={dangerous}
      pending={action.pending}
      problem={error && [error.message, error.hint].filter(Boolean).join(" ")}
      onConfirm={confirm}
      {...(phrase !== undefined && { phrase })}
    >
      <div className="grid gap-3">{children}</div>
    </ConfirmDialog>
  );
}

export interface VerbDialogProps {
  request: { number: number; version: number };
  onClose: () => void;
}

/** What every verb of a request is given: which, and as it was shown. */
export const asShown = ({ number, version }: VerbDialogProps["request"]) => ({ request: number, version });
