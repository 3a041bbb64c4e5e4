import { requestActor } from "@/app/session";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";
import { answerPackage } from "@/lib/api/request-package/answer-package";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ number: string }> };

export const GET = (request: Request, { params }: Context): Promise<Response> =>
  timed("downloadPackage", async () => {
    try {
      const { number } = await params;
      return await answerPackage(request, { actor: await requestActor(request), number });
    } catch (thrown) {
      return thrownProblem(thrown, { operation: "downloadPackage" });
    }
  });
