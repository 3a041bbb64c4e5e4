"use server";

import { z } from "zod";
import { currentActor } from "@/app/session";
import { type AdminInput, type AdminOutput, type BrowserActionName, findAction } from "@/lib/admin";
import { consoleDb } from "@/lib/db/console-db";
import { env } from "@/lib/env";
import type { ActionResult } from "@/lib/result";
import { runAdminAction } from "@/lib/verbs/run-admin-action";
import { actionFailure } from "./action-failure";

const callSchema = z.object({ name: z.string().max(60), phrase: z.string().optional() });

/** The one way in for verbs from the browser. What arrives need not be what the types say. Never throws. */
export async function act<N extends BrowserActionName>(
  name: N,
  input: AdminInput<N>,
  phrase?: string,
): Promise<ActionResult<AdminOutput<N>>> {
  let doing = "act";
  try {
    const call = callSchema.parse({ name, phrase });
    const action = findAction("browser", call.name);
    doing = action.name;
    const actor = await currentActor();
    const auditTargets = env().targets.map((target) => target.name);
    const context = { console: consoleDb(), actor, auditTargets };
    return (await runAdminAction(action, context, input, call.phrase)) as ActionResult<AdminOutput<N>>;
  } catch (thrown) {
    return actionFailure(thrown, doing);
  }
}
