import { requestActor } from "@/app/session";
import { answerIncidentEvents } from "@/lib/api/incident-events/answer-incident-events";
import { thrownProblem } from "@/lib/api/problem";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  try {
    return await answerIncidentEvents(request, await requestActor(request));
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "incidentEvents" });
  }
}
