import { setTimeout as delay } from "node:timers/promises";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import { AppError } from "../../errors.ts";
import { ingestLines, type LineOutcome } from "../../ingest/ingest-lines.ts";
import {
  beginProgress,
  countRefused,
  type IngestProgress,
  tellProgress,
} from "../../ingest/ingest-progress.ts";
import { splitLines } from "../../ingest/split-lines.ts";
import { processLogger } from "../../log/process-logger.ts";
import { thrownProblem } from "../problem.ts";
import type { IngestRequest } from "./ingest-request.ts";

const maxLines = 200_000;
/** A stream may wait for its allowance; a client that sends steadily above it is told instead. */
const longestWaitMs = 15_000;
/** Of the refused lines that a stopped request names. */
const maxRefusedTold = 1_000;

/**
 * Appends an event a line, in batches of 1,000 that are each stored as a whole. Answers NDJSON: one line for each
 * line sent, with its number, and a summary as the last. 207 where a line was rejected or in conflict.
 * What fails on the way (the database away, a body cut short) is answered as a problem that says what is stored of
 * which lines: send the rest again, or all of it under the same Idempotency-Key.
 */
export async function answerLines(request: IngestRequest): Promise<Response> {
  const outcomes: LineOutcome[] = [];
  const progress = beginProgress();
  const append = (events: EventInput[], batch: number) => {
    const { idempotencyKey } = request;
    return request.audit.append(events, {
      signal: request.signal,
      idempotencyScope: request.actor.id,
      ...(idempotencyKey && { idempotencyKey: `${idempotencyKey}/${batch}` }),
    });
  };
  const admit = async (lines: number) => {
    request.signal.throwIfAborted();
    return takeAllowance(request, lines);
  };
  try {
    const lines = splitLines(request.body, maxLines);
    for await (const done of ingestLines(lines, { append, admit, progress }))
      for (const outcome of done.outcomes) outcomes.push(outcome);
  } catch (thrown) {
    return stoppedAt(request, thrown, progress, outcomes);
  }
  const { counts } = progress;
  const summary = { lines: outcomes.length, bytes: request.body.bytes, ...counts };
  const text = [...outcomes, { summary }].map((line) => `${JSON.stringify(line)}\n`).join("");
  return new Response(text, {
    status: countRefused(counts) > 0 ? 207 : 200,
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
  });
}

async function takeAllowance({ rateLimit, actor, signal }: IngestRequest, events: number): Promise<void> {
  const until = Date.now() + longestWaitMs;
  for (;;) {
    try {
      return await rateLimit.take(actor.id, events);
    } catch (thrown) {
      const waitMs = thrown instanceof AppError ? (thrown.retryAfterSeconds ?? 0) * 1_000 : 0;
      if (waitMs === 0 || Date.now() + waitMs > until) throw thrown;
      await delay(waitMs, undefined, { signal });
    }
  }
}

/** Refused lines are named, since whoever goes on behind the last line hears of them here alone. */
function stoppedAt(
  { actor, target, body }: IngestRequest,
  thrown: unknown,
  progress: IngestProgress,
  outcomes: LineOutcome[],
): Response {
  const { lastLine, begunLine, counts } = progress;
  const asked = { operation: "appendEvents", target };
  // The answer goes nowhere: whoever looks for these events later finds them here.
  if (body.aborted)
    processLogger()
      .child({ module: "ingest" })
      .warn({ ...asked, tokenId: actor.id, lastLine, counts }, "the sender of events went away");
  const refused = outcomes.filter(({ outcome }) => outcome === "rejected" || outcome === "conflict");
  return thrownProblem(thrown, asked, {
    detail: tellProgress(progress),
    ingested: {
      lastLine,
      ...(begunLine > lastLine && { unknownThrough: begunLine }),
      counts,
      refused: refused.slice(0, maxRefusedTold),
    },
  });
}
