import { setTimeout as delay } from "node:timers/promises";
import type { EventInput } from "../../audit-db/event.ts";
import { AppError, toAppError } from "../../errors.ts";
import { countOutcomes, ingestLines, type LineOutcome } from "../../ingest/ingest-lines.ts";
import { type Line, splitLines } from "../../ingest/split-lines.ts";
import { toResultError } from "../../result.ts";
import { problemResponse } from "../problem.ts";
import type { IngestRequest } from "./answer-ingest.ts";

const maxLines = 200_000;
/** A stream may wait for its allowance; a client that sends steadily above it is told instead. */
const longestWaitMs = 15_000;

/**
 * Appends an event a line, in batches of 1,000 that are each stored as a whole. Answers NDJSON: one line for each
 * line sent, with its number, and a summary as the last. 207 where a line was rejected or in conflict.
 * What fails on the way (the database away, a body cut short) is answered as a problem that names the last line
 * that is stored for certain: send the rest again, or all of it under the same Idempotency-Key.
 */
export async function answerLines(request: IngestRequest): Promise<Response> {
  const outcomes: LineOutcome[] = [];
  let lastLine = 0;
  const append = async (events: EventInput[], batch: number) => {
    request.signal.throwIfAborted();
    await takeAllowance(request, events.length);
    const { idempotencyKey } = request;
    return request.audit.append(events, {
      signal: request.signal,
      idempotencyScope: request.actor.id,
      ...(idempotencyKey && { idempotencyKey: `${idempotencyKey}/${batch}` }),
    });
  };
  try {
    for await (const done of ingestLines(limitLines(splitLines(request.body)), { append })) {
      for (const outcome of done.outcomes) outcomes.push(outcome);
      lastLine = done.lastLine;
    }
  } catch (thrown) {
    return stoppedAt(thrown, lastLine);
  }
  const counts = countOutcomes(outcomes);
  const refused = (counts.rejected ?? 0) + (counts.conflict ?? 0);
  const text = [...outcomes, { summary: { lines: outcomes.length, ...counts } }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
  return new Response(text, {
    status: refused > 0 ? 207 : 200,
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

async function* limitLines(lines: AsyncIterable<Line>): AsyncGenerator<Line> {
  let count = 0;
  for await (const line of lines) {
    if (++count > maxLines)
      throw new AppError(
        "TOO_LARGE",
        `One request holds at most ${maxLines} events; line ${line.number} is one more.`,
        {
          hint: "Send the rest in another request.",
        },
      );
    yield line;
  }
}

function stoppedAt(thrown: unknown, lastLine: number): Response {
  const error = toAppError(thrown);
  const stored = lastLine > 0 ? `Lines up to ${lastLine} are stored.` : "No line is stored for certain.";
  return problemResponse({
    ...toResultError(error),
    message: `${error.message} ${stored}`,
    ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
  });
}
