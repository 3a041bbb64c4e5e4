import type { ReadResult } from "../result.ts";
import type { ReadRequest } from "./reads.ts";

/** What the one read action answers: a promise a request, so that each panel appears at its own time. */
export type SendReads = (
  requests: ReadRequest[],
) => Promise<readonly { value: PromiseLike<ReadResult<unknown>> }[]>;

interface Waiting {
  request: ReadRequest;
  resolve: (value: ReadResult<unknown>) => void;
  reject: (reason: unknown) => void;
}

/**
 * Gathers every read of one tick into a single call of `send`, at most `maxRequests` a call.
 * Server actions are dispatched one at a time, so one call a panel would queue the page's reads behind each other.
 * A read that has not been answered after `timeoutMs` rejects; it cannot be cancelled on the server.
 */
export function createReadBatch(send: SendReads, { maxRequests = 40, timeoutMs = 30_000 } = {}) {
  let waiting: Waiting[] = [];

  async function flush() {
    const batch = waiting;
    waiting = [];
    for (let at = 0; at < batch.length; at += maxRequests) void deliver(batch.slice(at, at + maxRequests));
  }

  async function deliver(batch: Waiting[]) {
    try {
      const answers = await send(batch.map((entry) => entry.request));
      batch.forEach((entry, index) => {
        const answer = answers[index];
        if (answer) answer.value.then(entry.resolve, entry.reject);
        else entry.reject(new Error(`The read ${entry.request.name} was not answered`));
      });
    } catch (cause) {
      for (const entry of batch) entry.reject(cause);
    }
  }

  return function read(request: ReadRequest): Promise<ReadResult<unknown>> {
    if (waiting.length === 0) queueMicrotask(flush);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`The read ${request.name} took over ${timeoutMs} ms`)),
        timeoutMs,
      );
      waiting.push({
        request,
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      });
    });
  };
}
