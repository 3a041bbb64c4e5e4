import { requestActor } from "@/app/session";
import { answerJobEvents } from "@/lib/api/job-events/answer-job-events";
import { thrownProblem } from "@/lib/api/problem";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  try {
    const { id } = await params;
    return await answerJobEvents(request, { actor: await requestActor(request), id });
  } catch (thrown) {
    return thrownProblem(thrown, { operation: "jobEvents" });
  }
}
