import "server-only";
import { z } from "zod";
import { requestActor } from "@/app/session";
import { findAction } from "@/lib/admin";
import { answerAction } from "@/lib/api/actions/answer-action";
import { timed } from "@/lib/api/metrics/process-registry";
import { parseQuery } from "@/lib/api/parse-query";
import { upkeepDoor, withTarget } from "@/lib/api/partitions/upkeep-doors";
import { thrownProblem } from "@/lib/api/problem";
import { AppError } from "@/lib/errors";

type Context = { params: Promise<{ target: string; verb: string }> };

/** The POST handler of every verb on a table's upkeep. */
export function changeUpkeepWith() {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed("act", async () => {
      try {
        const actor = await requestActor(request);
        const { target, verb } = await params;
        parseQuery(z.object({}), new URL(request.url).searchParams);
        if (!actor) throw new AppError("UNAUTHENTICATED", "Send an API token, or sign in.");
        const action = findAction("api", upkeepDoor(verb));
        return await answerAction(request, action, actor, (body) => withTarget(body, target));
      } catch (thrown) {
        return thrownProblem(thrown, { action: "upkeep" });
      }
    });
}
