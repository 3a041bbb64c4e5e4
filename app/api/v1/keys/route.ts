import { answerKeys } from "@/lib/api/keys/answer-keys";
import { timed } from "@/lib/api/metrics/process-registry";
import { thrownProblem } from "@/lib/api/problem";
import { consoleDb } from "@/lib/db/console-db";

export const dynamic = "force-dynamic";

/** For everybody: who holds something signed verifies it without an account here. */
export function GET(): Promise<Response> {
  return timed("keys", async () => {
    try {
      return await answerKeys(consoleDb().sql);
    } catch (thrown) {
      return thrownProblem(thrown, { operation: "keys" });
    }
  });
}
