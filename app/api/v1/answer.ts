import "server-only";
import { requestActor } from "@/app/session";
import { answerRead } from "@/lib/api/answer-read";
import { answerTargets } from "@/lib/api/answer-targets";
import { endpoints } from "@/lib/api/endpoints";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";
import { assertCan } from "@/lib/auth/roles";

/** Next gives a path without parameters none. */
type Context = { params: Promise<Record<string, string> | undefined> };

/** The GET handler of an endpoint: who asks, then the read. */
export function answerWith(name: keyof typeof endpoints) {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed(name, async () => {
      try {
        const actor = await requestActor(request);
        assertCan(actor, "viewer", { remembered: true });
        const { url } = request;
        if (name === "targets") return await answerTargets(endpoints.targets, { actor, url });
        return await answerRead(endpoints[name], { actor, url, parameters: (await params) ?? {} });
      } catch (thrown) {
        return thrownProblem(thrown, { operation: name });
      }
    });
}
