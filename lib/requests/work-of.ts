import { AppError } from "../errors.ts";
import { type RequestKind, requestKinds } from "../request-law/kinds.ts";
import type { RequestRow } from "./read-request.ts";
import type { RequestJob } from "./request-job.ts";

/** The jobs that work for requests. */
export interface RequestWork {
  scope: RequestJob;
  scan: RequestJob;
  /** What carries each kind out. */
  execute: Record<RequestKind, RequestJob>;
}

/** The job that goes on with a request where it stands. @throws AppError CONFLICT where no job works */
export function workOf(
  { scope, scan, execute }: RequestWork,
  { kind, number }: Pick<RequestRow, "kind" | "number">,
  state: RequestRow["state"] | null,
): RequestJob {
  if (state === "scoping") return scope;
  if (state === "verifying" && kind === "erasure") return scan;
  // What hands something out verifies it itself.
  const works = state === "executing" || state === "verifying";
  if (works && Object.hasOwn(requestKinds, kind)) return execute[kind as RequestKind];
  throw new AppError("CONFLICT", `Nothing works for request #${number} while it is ${state}.`);
}
