import "server-only";
import { z } from "zod";
import { requestActor } from "@/app/session";
import { findAction } from "@/lib/admin";
import { answerAction } from "@/lib/api/actions/answer-action";
import { timed } from "@/lib/api/metrics/process-registry";
import { parseQuery } from "@/lib/api/parse-query";
import { thrownProblem } from "@/lib/api/problem";
import { AppError } from "@/lib/errors";

type Context = { params: Promise<{ name: string }> };

/** The POST handler of every verb that the API offers. */
export function actWith() {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed("act", async () => {
      let asked = "act";
      try {
        const actor = await requestActor(request);
        if (!actor) throw new AppError("UNAUTHENTICATED", "Send an API token, or sign in.");
        parseQuery(z.object({}), new URL(request.url).searchParams);
        const action = findAction("api", (await params).name);
        asked = action.name;
        return await answerAction(request, action, actor);
      } catch (thrown) {
        return thrownProblem(thrown, { action: asked });
      }
    });
}
