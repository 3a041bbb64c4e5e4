import { answerError } from "../../answer-error.ts";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { watchPermission } from "../../auth/watch-permission.ts";
import { consoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { jobs } from "../../job-handlers.ts";
import { followJob, type JobNews } from "../../work/follow-job.ts";
import { getJob } from "../../work/get-job.ts";
import { createJobCatalogue } from "../../work/job-catalogue.ts";
import { parseQuery } from "../parse-query.ts";
import { thrownProblem } from "../problem.ts";
import { eventsQuery, jobIdParameter } from "./operation.ts";
import { processEnding, takeStreamPlace } from "./stream-places.ts";

/** Proxies end what is silent for a minute, most of them. */
const heartbeatMs = 15_000;
/** How soon a browser comes back after a stream broke off. */
const reconnectMs = 2_000;
/** A comment for whoever is in between, an event for a browser, which is not told of comments. */
const beatText = ": still here\nevent: beat\ndata: {}\n\n";
const catalogue = createJobCatalogue(jobs);

/**
 * Answers `GET /api/v1/jobs/{id}/events` (text/event-stream): `log` for each line, under its number as the event's id,
 * `job` when the job changed, `end` when it has ended; `beat`, with a comment, every 15 s. Goes on behind `Last-Event-ID`. Whether the
 * actor may still see it is asked every three seconds; `refused` says that not. Never throws.
 */
export async function answerJobEvents(
  request: Request,
  given: { actor: Actor | null; id: string },
): Promise<Response> {
  try {
    const { actor } = given;
    assertCan(actor, "viewer");
    const id = jobIdParameter.parse(given.id);
    const { after } = parseQuery(eventsQuery, new URL(request.url).searchParams);
    const last = request.headers.get("last-event-id");
    const place = last && /^\d{1,15}$/.test(last) ? Number(last) : after;
    // What there is not is a problem with a status, not a stream.
    await getJob(consoleDb(), actor, catalogue, id, new Date());
    const release = takeStreamPlace(actor);
    return new Response(openStream(request, actor, id, place, release), {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "jobEvents" });
  }
}

function openStream(
  request: Request,
  actor: Actor,
  id: string,
  after: number | undefined,
  release: () => void,
): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const allowed = watchPermission(consoleDb(), actor, (fresh) => assertStillSeen(fresh, actor));
  const signal = AbortSignal.any([allowed.signal, gone.signal, request.signal, processEnding()]);
  const news = followJob(consoleDb(), actor, catalogue, id, { after, signal });
  const encoder = new TextEncoder();
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
        if (!next.done) return write(eventText(next.value));
        if (allowed.signal.aborted) write(refusalText(allowed.signal.reason));
        else if (!signal.aborted) write("event: end\ndata: {}\n\n");
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

function eventText(news: JobNews): string {
  if ("log" in news) return `id: ${news.log.seq}\nevent: log\ndata: ${JSON.stringify(news.log)}\n\n`;
  if ("job" in news) return `event: job\ndata: ${JSON.stringify(news.job)}\n\n`;
  return `event: away\ndata: ${JSON.stringify(answerError(news.away, { operation: "jobEvents" }))}\n\n`;
}

function refusalText(reason: unknown): string {
  return `event: refused\ndata: ${JSON.stringify(answerError(reason, { operation: "jobEvents" }))}\n\n`;
}
