import { requestActor } from "@/app/session";
import { answerExport, checkExport } from "@/lib/api/export/answer-export";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ target: string }> };
type Answer = typeof answerExport;

const handler = (operation: string, answer: Answer) => (request: Request, context: Context) =>
  timed(operation, async () => {
    try {
      const { target } = await context.params;
      return await answer(request, { actor: await requestActor(request), target });
    } catch (thrown) {
      return thrownProblem(thrown, { operation });
    }
  });

export const GET = handler("exportEvents", answerExport);
export const HEAD = handler("checkExport", checkExport);
