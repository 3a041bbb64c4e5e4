import { requestActor } from "@/app/session";
import { answerExport } from "@/lib/api/export/answer-export";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";

export const dynamic = "force-dynamic";

export function GET(
  request: Request,
  { params }: { params: Promise<{ target: string }> },
): Promise<Response> {
  return timed("exportEvents", async () => {
    try {
      const { target } = await params;
      return await answerExport(request, { actor: await requestActor(request), target });
    } catch (thrown) {
      return thrownProblem(thrown);
    }
  });
}
