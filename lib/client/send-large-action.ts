import type { AdminInput, AdminOutput, BrowserActionName } from "../admin.ts";
import type { ActionResult, ResultError } from "../result.ts";
import { toReadFailure } from "./reads.ts";

/** What a problem of the API says, of which the rest is for programs. */
type Told = Pick<ResultError, "code" | "retryable" | "hint"> & {
  detail: string;
  errors?: Record<string, string>;
};

/**
 * Sends a verb whose input is larger than a server action takes (64 kB) to the API, as whoever is signed in: for files. The
 * API takes it for our own origin alone, and reads no more than the verb has room for. Never throws.
 */
export async function sendLargeAction<N extends BrowserActionName>(
  name: N,
  input: AdminInput<N>,
): Promise<ActionResult<AdminOutput<N>>> {
  try {
    const response = await fetch(`/api/v1/actions/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, ...(answer as { data: AdminOutput<N>; jobId?: string }) };
    const { code, retryable, hint, detail, errors } = answer as Told;
    const error = {
      code,
      message: detail,
      retryable,
      ...(hint && { hint }),
      ...(errors && { fields: errors }),
    };
    return { ok: false, error };
  } catch (thrown) {
    return { ok: false, error: toReadFailure(thrown) };
  }
}
