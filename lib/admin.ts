import type { z } from "zod";
import { accountsVerbs } from "./accounts/verbs.ts";
import { createAlertsVerbs } from "./alerts/verbs.ts";
import { answersVerbs } from "./answers/verbs.ts";
import { createApprovalsVerbs } from "./approvals/verbs.ts";
import { channelsVerbs } from "./channels/verbs.ts";
import { checkBoardVerbs } from "./check-board/verbs.ts";
import { checks } from "./checks.ts";
import { connectionsVerbs } from "./connections/verbs.ts";
import { AppError } from "./errors.ts";
import { eventsVerbs } from "./events/verbs.ts";
import { partitionsVerbs } from "./partitions/verbs.ts";
import { privacyVerbs } from "./privacy/verbs.ts";
import { queriesVerbs } from "./queries/verbs.ts";
import { requestsVerbs } from "./requests/verbs.ts";
import { createSilencesVerbs } from "./silences/verbs.ts";
import { upkeepVerbs } from "./upkeep/verbs.ts";
import type { AdminAction, Door, VerbIntent, VerbResult } from "./verbs/admin-action.ts";
import { workVerbs } from "./work/verbs.ts";

/**
 * Every verb by its name. Pages (app/actions/act.ts), the API (`POST /api/v1/actions/{name}`) and the command line
 * (lib/cli/verbs/run-verb.ts) offer all of them but where a verb's `notOffered` says why not.
 */
export const adminActions = {
  ...accountsVerbs,
  ...createAlertsVerbs(checks),
  ...answersVerbs,
  ...createApprovalsVerbs(findByRecordedName),
  ...channelsVerbs,
  ...checkBoardVerbs,
  ...connectionsVerbs,
  ...eventsVerbs,
  ...partitionsVerbs,
  ...privacyVerbs,
  ...queriesVerbs,
  ...requestsVerbs,
  ...createSilencesVerbs(checks),
  ...upkeepVerbs,
  ...workVerbs,
};

type AdminActions = typeof adminActions;
export type AdminActionName = keyof AdminActions;
export type AdminInput<N extends AdminActionName> = z.input<AdminActions[N]["input"]>;
export type AdminOutput<N extends AdminActionName> = AdminActions[N] extends {
  run(context: never, input: never): Promise<VerbResult<infer T> | VerbIntent<infer T>>;
}
  ? T
  : never;

/** Names of what pages may call. */
export type BrowserActionName = {
  [N in AdminActionName]: NonNullable<AdminActions[N]["notOffered"]> extends { browser: string } ? never : N;
}[AdminActionName];

/** The verbs as a door sees them, whatever their inputs and answers. */
export function listActions(): [name: string, action: AdminAction<z.ZodType, unknown>][] {
  return Object.entries(adminActions) as unknown as ReturnType<typeof listActions>;
}

const doorNames: Record<Door, string> = { browser: "pages", api: "the API", cli: "the command line" };

/** The verb a door calls by this name. @throws AppError NOT_FOUND, also for what this door does not offer */
export function findAction(door: Door, name: string): AdminAction<z.ZodType, unknown> {
  const action = Object.hasOwn(adminActions, name) ? adminActions[name as AdminActionName] : undefined;
  if (!action) throw new AppError("NOT_FOUND", `There is no action named "${name}".`);
  const found = action as unknown as AdminAction<z.ZodType, unknown>;
  const reason = found.notOffered?.[door];
  if (reason === undefined) return found;
  throw new AppError("NOT_FOUND", `"${name}" is not offered by ${doorNames[door]}.`, { hint: reason });
}

/** By the name the records have for it, such as `user.set-role`. */
function findByRecordedName(recorded: string): AdminAction<z.ZodType, unknown> | undefined {
  return listActions().find(([, action]) => action.name === recorded)?.[1];
}
