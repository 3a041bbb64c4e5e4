import { z } from "zod";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { AppError } from "../../errors.ts";
import { type RequestKind, requestKinds } from "../../request-law/kinds.ts";
import { requestStates } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { assertReauthenticated } from "../../verbs/assert-reauthenticated.ts";
import { assertController } from "../controller-needed.ts";
import { readShown } from "../life/request-verb.ts";
import { moveRequest } from "../move-request.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import { requestNumber, versionInput } from "../request-number.ts";
import { assertScopeFresh } from "../scope/find-stale.ts";
import { type ClearCount, countClear } from "../scope/keep-clear.ts";
import type { RequestDecision } from "../types.ts";
import { type RequestWork, workOf } from "../work-of.ts";
import { isRefused } from "./ask-of-request.ts";
import { readScopeTargets } from "./read-scope-targets.ts";
import { tellExecution } from "./tell-execution.ts";

export const requestVerbInput = z.strictObject({ request: requestNumber, version: versionInput });

const words = z.array(z.string());

/**
 * Begins to carry out what was decided, once the scope is of what there is now. Whoever does it for a kind that destroys has
 * proven within five minutes that it is they, and types `carry out #N`. It answers what happens, what stays and what cannot
 * be undone.
 */
export function createExecuteRequest(work: RequestWork) {
  return defineAdminAction({
    name: "request.execute",
    role: "privacy_officer",
    person: true,
    input: requestVerbInput,
    answer: z.strictObject({
      id: z.uuid(),
      number: z.int(),
      version: z.int(),
      state: z.enum(requestStates),
      happens: words,
      stays: words,
      cannotBeUndone: words,
    }),
    object: ({ request }) => ({ type: "request", id: String(request) }),
    async confirm({ tx }, { request }) {
      const { kind, number } = await requireRequest(tx, request);
      return requestKinds[kind as RequestKind].destructive ? `carry out #${number}` : undefined;
    },
    async run(context, { request, version }) {
      const { tx, actor, now, enqueue } = context;
      const row = await readShown(tx, { request, version });
      const kind = row.kind as RequestKind;
      const { destructive } = requestKinds[kind];
      if (destructive)
        assertReauthenticated(
          { reauthenticate: `/${context.auditTargets[0] ?? ""}/privacy/requests/${row.number}` },
          actor,
          now,
        );
      await assertController(tx, row);
      const targets = await readScopeTargets(tx, row);
      const clear = await countClear(tx, row.scopeId);
      assertRedactable(row, clear);
      if (row.state === "approved" || row.state === "partly_refused")
        await assertScopeFresh({ console: context.console, now }, row);
      const jobId = await enqueue(workOf(work, row, "executing"), { request: row.id });
      const moved = await moveRequest(tx, row, "execute", {
        ...{ actor, now },
        guard: { scopeFresh: true, reauthenticated: true },
        set: {
          jobId,
          executedBy: actor.person?.id ?? null,
          executedByName: actor.person?.email ?? actor.name,
          executedAt: now,
          problem: null,
        },
      });
      const { id, number, state } = moved;
      const { parts = [] } = (row.decision ?? {}) as Partial<RequestDecision>;
      return {
        data: {
          id,
          number,
          version: moved.version,
          state,
          ...tellExecution(kind, { parts }, targets, clear),
        },
        jobId,
        object: { type: "request", id: String(number) },
        facts: { kind, from: row.state },
      };
    },
  });
}

/** @throws AppError UNSUPPORTED before anything is begun that could not come through */
function assertRedactable({ kind, decision }: RequestRow, clear: readonly ClearCount[]): void {
  if (!requestKinds[kind as RequestKind].destructive) return;
  const { parts = [] } = (decision ?? {}) as Partial<RequestDecision>;
  for (const { target, policy } of clear)
    if (!isRefused(parts, target, policy) && !openConfiguredTarget(target).can("privacy"))
      throw new AppError(
        "UNSUPPORTED",
        `Identifiers stand in clear fields on ${target}, which has no privacy connection.`,
        { hint: "Set AUDIT_PRIVACY_URL to a login with the role audit_privacy." },
      );
}
