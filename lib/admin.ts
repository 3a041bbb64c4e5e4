import type { z } from "zod";
import { accountsVerbs } from "./accounts/verbs.ts";
import { answersVerbs } from "./answers/verbs.ts";
import { AppError } from "./errors.ts";
import { eventsVerbs } from "./events/verbs.ts";
import { privacyVerbs } from "./privacy/verbs.ts";
import { queriesVerbs } from "./queries/verbs.ts";
import type { AdminAction } from "./verbs/admin-action.ts";

/**
 * Every verb by its name: the command line runs what it offers from here (lib/cli/run-verb.ts), pages all but those
 * declared `browser: false` (app/actions/act.ts). The API has none.
 */
export const adminActions = {
  ...accountsVerbs,
  ...answersVerbs,
  ...eventsVerbs,
  ...privacyVerbs,
  ...queriesVerbs,
};

type AdminActions = typeof adminActions;
export type AdminActionName = keyof AdminActions;
export type AdminInput<N extends AdminActionName> = z.input<AdminActions[N]["input"]>;
export type AdminOutput<N extends AdminActionName> = Awaited<ReturnType<AdminActions[N]["run"]>>["data"];

/** Names of what pages may call. */
export type BrowserActionName = {
  [N in AdminActionName]: false extends AdminActions[N]["browser"] ? never : N;
}[AdminActionName];

/** The verb a page calls by this name. @throws AppError NOT_FOUND, also for what pages may not call */
export function findBrowserAction(name: string): AdminAction<z.ZodType, unknown> {
  const action = Object.hasOwn(adminActions, name) ? adminActions[name as AdminActionName] : null;
  if (!action || action.browser === false)
    throw new AppError("NOT_FOUND", `Pages have no action named "${name}".`);
  return action as unknown as AdminAction<z.ZodType, unknown>;
}
