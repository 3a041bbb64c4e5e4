import type { z } from "zod";
import type { reads } from "../reads.ts";
import type { Observed, ResultError } from "../result.ts";

/** Names, inputs and outputs of every read, inferred from the registry: only types cross into the browser. */
export type Reads = typeof reads;
export type ReadName = keyof Reads & string;
export type ReadInput<N extends ReadName> = z.input<Reads[N]["input"]>;
export type ReadOutput<N extends ReadName> =
  Awaited<ReturnType<Reads[N]["run"]>> extends Observed<infer T> ? T : never;

/** One question as it travels to the server. */
export interface ReadRequest {
  name: string;
  target: string;
  input: unknown;
  /** How old an answer may be that other viewers already got, in ms. */
  maxAgeMs: number;
}

export type ReadKey = readonly ["read", target: string, name: string, input: unknown];

/** The cache key of a read, the same on the server (prefetch) and in the browser. */
export function readKey(target: string, name: string, input: unknown): ReadKey {
  return ["read", target, name, input];
}

/** A read answered `{ok: false}`; carries the answer's error. */
export class ReadError extends Error {
  readonly detail: ResultError;
  constructor(detail: ResultError) {
    super(detail.message);
    this.name = "ReadError";
    this.detail = detail;
  }
}

/** What an action without a session is answered before it is read (lib/door); Next throws it as the error's message. */
const sessionEnded = "UNAUTHENTICATED";

/** Any failure of a read as an error a person can act on; transport failures become UNAVAILABLE. */
export function toReadFailure(thrown: unknown): ResultError {
  if (thrown instanceof ReadError) return thrown.detail;
  if (thrown instanceof Error && thrown.message === sessionEnded)
    return { code: "UNAUTHENTICATED", message: "Your session has ended.", retryable: false };
  return {
    code: "UNAVAILABLE",
    message: "The console could not be reached.",
    retryable: true,
    hint: "Check the network and that the console is running; this page keeps trying.",
  };
}
