import { answerError } from "../../answer-error.ts";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { watchPermission } from "../../auth/watch-permission.ts";
import { consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { processEnding, takeStreamPlace } from "./stream-places.ts";

/** Proxies end what is silent for a minute, most of them. */
const heartbeatMs = 15_000;
/** How soon a browser comes back after a stream broke off. */
const reconnectMs = 2_000;
/** A comment for whoever is in between, an event for a browser, which is not told of comments. */
const beatText = ": still here\nevent: beat\ndata: {}\n\n";

export interface EventSource<News> {
  /** The operation of the API, for the log. */
  operation: string;
  follow(signal: AbortSignal): AsyncGenerator<News, void, undefined>;
  /** One event as the stream has it. */
  write(news: News): string;
}

/**
 * Answers server-sent events: `beat`, with a comment, every 15 s; `end` when what is followed has ended. Whether the actor
 * may still see it is asked every three seconds; `refused` says that not.
 * @throws AppError RATE_LIMITED, OVERLOADED where too many are open
 */
export function openEventStream<News>(request: Request, actor: Actor, source: EventSource<News>): Response {
  const release = takeStreamPlace(actor);
  return new Response(openStream(request, actor, source, release), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

function openStream<News>(
  request: Request,
  actor: Actor,
  { operation, follow, write: textOf }: EventSource<News>,
  release: () => void,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const allowed = watchPermission(consoleDb(), actor, (fresh) => assertStillSeen(fresh, actor));
  const signal = AbortSignal.any([allowed.signal, gone.signal, request.signal, processEnding()]);
  const news = follow(signal);
  const encoder = new TextEncoder();
  const refusalText = (reason: unknown) => eventText("refused", answerError(reason, { operation }));
  let beating: NodeJS.Timeout | undefined;
  let closed = false;
  const end = () => {
    if (closed) return;
    closed = true;
    clearInterval(beating);
    allowed.end();
    gone.abort();
    void news.return();
    release();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      write(`retry: ${reconnectMs}\n\n`);
      // A client that reads nothing is told nothing either: what waits for it stays little.
      beating = setInterval(() => (controller.desiredSize ?? 0) > 0 && write(beatText), heartbeatMs);
      beating.unref();
    },
    async pull(controller) {
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      try {
        const next = await news.next();
        if (closed) return;
        if (!next.done) return write(textOf(next.value));
        if (allowed.signal.aborted) write(refusalText(allowed.signal.reason));
        else if (!signal.aborted) write(eventText("end", {}));
      } catch (thrown) {
        write(refusalText(thrown));
      }
      end();
      controller.close();
    },
    cancel: end,
  });
}

/** A token's targets are those it was made with; its session, role and scopes may have gone. */
function assertStillSeen(fresh: Actor, begun: Actor): void {
  assertCan(fresh, "viewer");
  const lost =
    fresh.targets && (!begun.targets || begun.targets.some((name) => !fresh.targets?.includes(name)));
  if (lost) throw new AppError("FORBIDDEN", "This token is now limited to other targets.");
}

/** @param id where whoever comes back goes on behind */
export function eventText(name: string, data: unknown, id?: number): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The place a stream goes on behind: `Last-Event-ID`, else what the query says. */
export function placeOf(request: Request, after: number | undefined): number | undefined {
  const last = request.headers.get("last-event-id");
  return last && /^\d{1,15}$/.test(last) ? Number(last) : after;
}
