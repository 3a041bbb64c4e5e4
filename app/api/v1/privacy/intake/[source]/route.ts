import { answerIntake } from "@/lib/api/intake/answer-intake";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";
import { clientAddress } from "@/lib/auth/client-address";
import { consoleDb } from "@/lib/db/console-db";

type Context = { params: Promise<{ source: string }> };

export const dynamic = "force-dynamic";

/** For ticketing systems: what they sign is who they are. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return timed("intake", async () => {
    try {
      const { source } = await params;
      const address = clientAddress(request.headers);
      return await answerIntake(request, { console: consoleDb(), source, address });
    } catch (thrown) {
      return thrownProblem(thrown, { operation: "intake" });
    }
  });
}
