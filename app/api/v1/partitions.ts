import "server-only";
import { z } from "zod";
import { requestActor } from "@/app/session";
import { findAction } from "@/lib/admin";
import { answerAction } from "@/lib/api/actions/answer-action";
import { timed } from "@/lib/api/metrics/process-registry";
import { parseQuery } from "@/lib/api/parse-query";
import { answerPlan } from "@/lib/api/partitions/answer-plan";
import { partitionDoor, withAddress } from "@/lib/api/partitions/partition-doors";
import { thrownProblem } from "@/lib/api/problem";
import { assertCan } from "@/lib/auth/roles";
import { AppError } from "@/lib/errors";

type Context = { params: Promise<{ target: string; verb: string }> };

/** The POST handler of a partition's plan and of every verb that carries one out. */
export function changePartitionsWith() {
  return (request: Request, { params }: Context): Promise<Response> =>
    timed("act", async () => {
      try {
        const actor = await requestActor(request);
        const address = await params;
        parseQuery(z.object({}), new URL(request.url).searchParams);
        if (address.verb === "plan") {
          assertCan(actor, "viewer", { remembered: true });
          return await answerPlan(request, actor, address.target);
        }
        if (!actor) throw new AppError("UNAUTHENTICATED", "Send an API token, or sign in.");
        const action = findAction("api", partitionDoor(address.verb));
        return await answerAction(request, action, actor, (body) => withAddress(body, address));
      } catch (thrown) {
        return thrownProblem(thrown, { action: "partitions" });
      }
    });
}
