import { maxEventsPerAppend } from "../../audit-db/append/append.ts";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import { parseIJson } from "../../audit-db/append/parse-i-json.ts";
import { AppError } from "../../errors.ts";
import { countOutcomes, countRefused } from "../../ingest/ingest-progress.ts";
import type { IngestRequest } from "./ingest-request.ts";

/**
 * Appends one JSON batch, all of it or nothing: an event, a list of events, or `{events: […]}`. Answers 200 with
 * each event's outcome in the order sent and the bytes read, 207 where one is in conflict with what is stored under its id.
 * @throws AppError BAD_INPUT (`fields`: index and path), TOO_LARGE, RATE_LIMITED, and those of append
 */
export async function answerBatch(request: IngestRequest): Promise<Response> {
  const text = (await Array.fromAsync(request.body)).join("");
  const events = eventsOf(parseBatch(text));
  if (events.length > maxEventsPerAppend)
    throw new AppError(
      "TOO_LARGE",
      `A batch holds at most ${maxEventsPerAppend} events; this one has ${events.length}.`,
      {
        hint: "Send several batches, or an event a line as application/x-ndjson.",
      },
    );
  await request.rateLimit.take(request.actor.id, events.length);
  const appended = await request.audit.append(events, {
    signal: request.signal,
    idempotencyScope: request.actor.id,
    ...(request.idempotencyKey && { idempotencyKey: request.idempotencyKey }),
  });
  const counts = countOutcomes(appended);
  return Response.json(
    { bytes: request.body.bytes, counts, events: appended },
    { status: countRefused(counts) > 0 ? 207 : 200, headers: { "cache-control": "no-store" } },
  );
}

/** Paths begin with the event's index, as those of events that are no events do. @throws AppError BAD_INPUT */
function parseBatch(text: string): unknown {
  try {
    return parseIJson(text);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !thrown.fields) throw thrown;
    const fields = Object.entries(thrown.fields).map(([at, problem]) => [
      at.replace(/^events\./, ""),
      problem,
    ]);
    throw new AppError("BAD_INPUT", fields.map((field) => field.join(": ")).join("; "), {
      cause: thrown,
      fields: Object.fromEntries(fields),
    });
  }
}

/** @throws AppError BAD_INPUT */
function eventsOf(value: unknown): EventInput[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "object" && value !== null) {
    if (!("events" in value)) return [value as EventInput];
    const unknown = Object.keys(value).find((name) => name !== "events");
    if (Array.isArray(value.events) && !unknown) return value.events;
  }
  throw new AppError(
    "BAD_INPUT",
    "The body must be an event, a list of events, or an object with a list `events`.",
  );
}
