import { answerError } from "../../answer-error.ts";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { consoleDb } from "../../db/console-db.ts";
import { jobs } from "../../job-handlers.ts";
import { followJob, type JobNews } from "../../work/follow-job.ts";
import { getJob } from "../../work/get-job.ts";
import { createJobCatalogue } from "../../work/job-catalogue.ts";
import { parseQuery } from "../parse-query.ts";
import { thrownProblem } from "../problem.ts";
import { eventText, openEventStream, placeOf } from "../streams/open-event-stream.ts";
import { eventsQuery, jobIdParameter } from "./operation.ts";

const operation = "jobEvents";
const catalogue = createJobCatalogue(jobs);

/**
 * Answers `GET /api/v1/jobs/{id}/events` (text/event-stream): `log` for each line, under its number as the event's id,
 * `job` when the job changed, `end` when it has ended. Goes on behind `Last-Event-ID`. Never throws.
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
    const place = placeOf(request, after);
    // What there is not is a problem with a status, not a stream.
    await getJob(consoleDb(), actor, catalogue, id, new Date());
    return openEventStream(request, actor, {
      operation,
      follow: (signal) => followJob(consoleDb(), actor, catalogue, id, { after: place, signal }),
      write,
    });
  } catch (thrown) {
    return thrownProblem(thrown, { operation });
  }
}

function write(news: JobNews): string {
  if ("log" in news) return eventText("log", news.log, news.log.seq);
  if ("job" in news) return eventText("job", news.job);
  return eventText("away", answerError(news.away, { operation }));
}
