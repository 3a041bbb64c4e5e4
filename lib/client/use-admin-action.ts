"use client";

/**
 * How buttons act. What may be done is named by lib/admin.ts, of which only types come here.
 *
 *     const create = useAdminAction("createToken", { done: (token) => `Token ${token.name} created` });
 *     <Button pending={create.pending} onClick={() => create.run({ name })}>Create token</Button>
 *
 * `run(input, typedPhrase?)` answers the data, or null after a failure (which is toasted and kept in `error`). Every read is asked anew
 * after a success. An action that needs proof that it is still the same person asks for it in a dialog and goes on; one that
 * needs a second person says that it waits, and `done` is not said.
 */
import { useQueryClient } from "@tanstack/react-query";
import { unstable_isUnrecognizedActionError, useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { act } from "@/app/actions/act";
import type { AdminInput, AdminOutput, BrowserActionName } from "../admin.ts";
import type { ActionResult, ResultError } from "../result.ts";
import { notices, toast } from "./notices.ts";
import { toReadFailure } from "./reads.ts";
import { reauthentication } from "./reauthentication.ts";
import { sendLargeAction } from "./send-large-action.ts";
import { serverSaid } from "./server-said.ts";
import { leaveToSignIn } from "./session-end.ts";
import { useTargetOrNull } from "./use-target.ts";

/** Never throws. */
async function call<N extends BrowserActionName>(
  name: N,
  input: AdminInput<N>,
  phrase?: string,
): Promise<ActionResult<AdminOutput<N>>> {
  try {
    return await act(name, input, phrase);
  } catch (thrown) {
    if (unstable_isUnrecognizedActionError(thrown)) notices.reload();
    return { ok: false, error: toReadFailure(thrown) };
  }
}

interface Options<T> {
  /** What to say when it worked; nothing when left out. */
  done?: string | ((data: T) => string);
  /** @param jobId the job that goes on with it */
  onDone?: (data: T, jobId?: string) => void;
  /** After a failure, which stands in `error` as well. */
  onFailure?: (error: ResultError) => void;
  /** false keeps failures out of the toasts, for forms that show `error` themselves. */
  toastErrors?: boolean;
  /** true for an input of more than 64 kB, such as a file; it takes no typed phrase. */
  large?: boolean;
  /** true renders the page's server parts anew as well. */
  refreshPage?: boolean;
}

export function useAdminAction<N extends BrowserActionName>(name: N, options: Options<AdminOutput<N>> = {}) {
  const client = useQueryClient();
  const router = useRouter();
  const target = useTargetOrNull();
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<ResultError | null>(null);

  async function attempt(input: AdminInput<N>, phrase?: string): Promise<AdminOutput<N> | null> {
    setError(null);
    const send = options.large ? () => sendLargeAction(name, input) : () => call(name, input, phrase);
    let result = await send();
    if (!result.ok && result.error.code === "REAUTHENTICATE") {
      if (!(await reauthentication.ask())) {
        setError(result.error);
        return null;
      }
      result = await send();
    }
    if (!result.ok) {
      if (result.error.code === "UNAUTHENTICATED") leaveToSignIn();
      setError(result.error);
      // It was changed meanwhile: the page behind shows how it stands, and what was typed may be sent again.
      if (result.error.code === "CONFLICT") void client.invalidateQueries({ queryKey: ["read"] });
      options.onFailure?.(result.error);
      if (options.toastErrors !== false) {
        const { message, hint, server } = result.error;
        const description = [hint, server && serverSaid(server)].filter(Boolean).join(" ");
        toast.critical(message, { ...(description && { description }) });
      }
      return null;
    }
    void client.invalidateQueries({ queryKey: ["read"] });
    if (result.awaitsApproval) {
      toast.notice("Nothing was done yet: it waits for somebody else's approval", {
        action: { label: "See approvals", href: "/settings/approvals" },
      });
      return result.data;
    }
    const { done } = options;
    const { jobId } = result;
    const job =
      jobId && target
        ? { label: "Open the job", href: `/${encodeURIComponent(target)}/jobs?job=${jobId}` }
        : null;
    if (done)
      toast.ok(typeof done === "function" ? done(result.data) : done, { ...(job && { action: job }) });
    options.onDone?.(result.data, result.jobId);
    if (options.refreshPage) router.refresh();
    return result.data;
  }

  const run = (input: AdminInput<N>, phrase?: string) =>
    new Promise<AdminOutput<N> | null>((resolve) => {
      startTransition(async () => resolve(await attempt(input, phrase)));
    });

  return { run, pending, error, clearError: () => setError(null) };
}
