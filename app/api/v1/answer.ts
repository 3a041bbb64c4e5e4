import "server-only";
import { requestActor } from "@/app/session";
import { answerRead } from "@/lib/api/answer-read";
import { answerTargets } from "@/lib/api/answer-targets";
import { endpoints } from "@/lib/api/endpoints";
import { thrownProblem } from "@/lib/api/problem";
import { assertCan } from "@/lib/auth/roles";

type Context = { params: Promise<Record<string, string>> };

/** The GET handler of an endpoint: who asks, then the read. */
export function answerWith(name: keyof typeof endpoints) {
  return async (request: Request, { params }: Context): Promise<Response> => {
    try {
      const actor = await requestActor(request);
      assertCan(actor, "viewer");
      const parameters = await params;
      if (name === "targets") return await answerTargets(endpoints.targets, { actor, url: request.url });
      return await answerRead(endpoints[name], { actor, url: request.url, parameters });
    } catch (thrown) {
      return thrownProblem(thrown);
    }
  };
}
