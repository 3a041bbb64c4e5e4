import type { JobState } from "../../drizzle/console/schema/jobs.ts";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";

/** Whether something may be done, else why not, as a sentence. */
export type ActionAnswer = { allowed: true } | { allowed: false; why: string };

interface JobFacts {
  state: JobState;
  cancelRequestedAt: Date | null;
  /** Whether this version of the product knows such a job. */
  known: boolean;
}

const yes: ActionAnswer = { allowed: true };
const no = (why: string): ActionAnswer => ({ allowed: false, why });

/** What an actor may do with a job. Verbs ask again, in their transaction. */
export function judgeActions(
  { role, targets }: Pick<Actor, "role" | "targets">,
  job: JobFacts,
): { cancel: ActionAnswer; retry: ActionAnswer } {
  const actor = judgeActor({ role, targets });
  return { cancel: judgeCancel(job) ?? actor ?? yes, retry: judgeRetry(job) ?? actor ?? yes };
}

function judgeActor({ role, targets }: Pick<Actor, "role" | "targets">): ActionAnswer | null {
  if (!can(role, "operator")) return no("Cancelling and retrying need the role Operator.");
  return targets ? no("A token that is limited to targets changes no jobs.") : null;
}

function judgeCancel({ state, cancelRequestedAt }: JobFacts): ActionAnswer | null {
  if (state !== "waiting" && state !== "running") return no(`It has ended: ${state}.`);
  if (cancelRequestedAt) return no("It is being cancelled.");
  return null;
}

function judgeRetry({ state, known }: JobFacts): ActionAnswer | null {
  if (state === "waiting" || state === "running") return no("It has not ended yet.");
  if (state === "done") return no("It is done.");
  if (state === "skipped") return no("It never began: its schedule runs again.");
  if (!known) return no("This version of the console has no such job.");
  return null;
}
