import "server-only";
import { requestActor } from "@/app/session";
import { answerIngest } from "@/lib/api/ingest/answer-ingest";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";
import { ingestRateLimit } from "@/lib/ingest/rate-limit-of-process";

type Context = { params: Promise<Record<string, string>> };

/** The POST handler that appends events. */
export function ingestWith() {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed("appendEvents", async () => {
      try {
        const actor = await requestActor(request);
        const { target = "" } = await params;
        return await answerIngest(request, { actor, target, rateLimit: ingestRateLimit() });
      } catch (thrown) {
        return thrownProblem(thrown, { operation: "appendEvents" });
      }
    });
}
