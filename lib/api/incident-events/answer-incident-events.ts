import { followIncidents, type IncidentNews } from "../../alerts/follow-incidents.ts";
import { answerError } from "../../answer-error.ts";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { visibleTargets } from "../../auth/visible-targets.ts";
import { consoleDb } from "../../db/console-db.ts";
import { parseQuery } from "../parse-query.ts";
import { thrownProblem } from "../problem.ts";
import { eventText, openEventStream, placeOf } from "../streams/open-event-stream.ts";
import { incidentEventsQuery } from "./operation.ts";

const operation = "incidentEvents";

/**
 * Answers `GET /api/v1/alerts/events` (text/event-stream) with what happens to the incidents that the actor may see. Goes
 * on behind `Last-Event-ID`. Never throws.
 */
export async function answerIncidentEvents(request: Request, actor: Actor | null): Promise<Response> {
  try {
    assertCan(actor, "viewer");
    const { after, target } = parseQuery(incidentEventsQuery, new URL(request.url).searchParams);
    const targets = visibleTargets(actor, target ?? null);
    const place = placeOf(request, after);
    return openEventStream(request, actor, {
      operation,
      follow: (signal) => followIncidents(consoleDb(), targets, { after: place, signal }),
      write,
    });
  } catch (thrown) {
    return thrownProblem(thrown, { operation });
  }
}

function write(news: IncidentNews): string {
  if ("place" in news) return eventText("beat", {}, news.place);
  if ("change" in news) return eventText("incident", news.change, news.change.seq);
  return eventText("away", answerError(news.away, { operation }));
}
