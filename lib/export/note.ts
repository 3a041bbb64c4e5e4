import type { TokenFilters } from "../audit-log/event-conditions.ts";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import type { ErrorCode } from "../errors.ts";
import type { Exported } from "./export-events.ts";
import type { ExportOptions } from "./options.ts";

export interface ExportAsked {
  actor: Actor;
  target: string;
  filters: TokenFilters;
  options: ExportOptions;
}

/**
 * Two activity entries an export: that it began, before a byte leaves, and how it ended: how much left, and what broke it off. The audit event names people by
 * token only, so what was typed and is no token (an id nobody has, a text that was looked for) stays in the console.
 */
export function noteExport(
  console: ConsoleDb,
  { actor, target, filters, options }: ExportAsked,
  auditTargets: readonly string[],
) {
  const { text, actor: by, actorTokens, target: about, targetTokens, ...rest } = filters;
  const facts = {
    ...rest,
    format: options.format,
    ...(options.spreadsheet && { spreadsheet: true }),
    ...(options.after && { after: `${options.after.occurredAt}_${options.after.id}` }),
    actor: nameOf(actorTokens, by),
    target: nameOf(targetTokens, about),
  };
  const detail = { text, ...(!facts.actor && { actor: by }), ...(!facts.target && { target: about }) };
  return (
    state: "begun" | "success" | "failed",
    exported?: Exported,
    /** Why it broke off; a code of ours goes to the audit log, words stay in the console. */
    failure?: { code?: ErrorCode; message: string },
  ) =>
    console.db.transaction((tx) =>
      recordActivity(
        tx,
        {
          actor,
          action: state === "begun" ? "events.export-begin" : "events.export",
          outcome: state === "failed" ? "failed" : "success",
          target,
          object: { type: "events", id: target, name: target },
          facts: {
            ...defined(facts),
            ...(exported && defined(exported)),
            ...defined({ code: failure?.code }),
          },
          detail: defined({ ...detail, message: failure?.message }),
        },
        auditTargets,
      ),
    );
}

/** A person's tokens, one after the other; what was typed where it is a token itself. */
function nameOf(tokens: readonly string[] | undefined, typed: string | undefined): string | undefined {
  return tokens?.join(" ") ?? (isToken(typed) ? typed : undefined);
}

/** Tokens of people, ours and the console's own. */
const isToken = (value: string | undefined) =>
  value !== undefined && /^(p_[\w-]{22}|console_\w+)$/.test(value);

function defined(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
