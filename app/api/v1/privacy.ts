import "server-only";
import { z } from "zod";
import { requestActor } from "@/app/session";
import { findAction } from "@/lib/admin";
import { answerAction } from "@/lib/api/actions/answer-action";
import { timed } from "@/lib/api/metrics/process-registry";
import { parseQuery } from "@/lib/api/parse-query";
import { privacyDoor } from "@/lib/api/privacy/privacy-doors";
import { thrownProblem } from "@/lib/api/problem";
import { AppError } from "@/lib/errors";

type Context = { params: Promise<{ verb: string }> };

/** The POST handler of every verb that is about one person, or takes values out of events. */
export function privacyWith() {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed("act", async () => {
      try {
        const actor = await requestActor(request);
        // A person's id in an address would stand in logs.
        parseQuery(z.object({}), new URL(request.url).searchParams);
        if (!actor) throw new AppError("UNAUTHENTICATED", "Send an API token, or sign in.");
        return await answerAction(request, findAction("api", privacyDoor((await params).verb)), actor);
      } catch (thrown) {
        return thrownProblem(thrown, { action: "privacy" });
      }
    });
}
