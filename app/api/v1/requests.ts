import "server-only";
import { z } from "zod";
import { requestActor } from "@/app/session";
import { type AdminActionName, findAction } from "@/lib/admin";
import { answerAction } from "@/lib/api/actions/answer-action";
import { timed } from "@/lib/api/metrics/process-registry";
import { parseQuery } from "@/lib/api/parse-query";
import { requestDoor, withRequest } from "@/lib/api/privacy/request-doors";
import { thrownProblem } from "@/lib/api/problem";
import { AppError } from "@/lib/errors";

/** The POST handler of a verb that takes requests in. */
export function actOnRequestsWith(name: AdminActionName) {
  return (request: Request): Promise<Response> => act(request, async () => [name, (body) => body]);
}

/** The POST handler of the verbs on one request, by its number. */
export function actOnRequest() {
  return (request: Request, { params }: { params: Promise<{ number: string; verb: string }> }) =>
    act(request, async () => {
      const { number, verb } = await params;
      return [requestDoor(verb), (body) => withRequest(body, number)];
    });
}

/** The same for a verb whose address is a file of its own. */
export function actOnRequestAs(verb: string) {
  return (request: Request, { params }: { params: Promise<{ number: string }> }) =>
    act(request, async () => {
      const { number } = await params;
      return [requestDoor(verb), (body) => withRequest(body, number)];
    });
}

function act(
  request: Request,
  find: () => Promise<[AdminActionName, complete: (body: unknown) => unknown]>,
): Promise<Response> {
  return timed("act", async () => {
    try {
      const actor = await requestActor(request);
      // Whoever it is about stands in the body: an address stands in logs.
      parseQuery(z.object({}), new URL(request.url).searchParams);
      if (!actor) throw new AppError("UNAUTHENTICATED", "Send an API token, or sign in.");
      const [name, complete] = await find();
      return await answerAction(request, findAction("api", name), actor, complete);
    } catch (thrown) {
      return thrownProblem(thrown, { action: "request" });
    }
  });
}
