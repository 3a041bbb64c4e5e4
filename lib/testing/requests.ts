import { eq } from "drizzle-orm";
import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { schema } from "../db/schema.ts";
import type { RequestKind } from "../request-law/kinds.ts";
import type { RequestState } from "../request-law/states.ts";
import type { RequestCommand } from "../request-law/transition.ts";
import { openRequest } from "../requests/intake/open-request.ts";
import type { openRequestInput } from "../requests/intake/request-input.ts";
import { type Move, moveRequest } from "../requests/move-request.ts";
import { type RequestRow, requireRequest } from "../requests/read-request.ts";
import type { RequestDecision } from "../requests/types.ts";
import type { PrivacyWorld } from "./privacy-world.ts";

export interface TestRequest {
  kind: RequestKind;
  /** An id by which events name them, or all that is known of them. */
  person: string | z.input<typeof openRequestInput>["person"];
  /** Who opens it; the officer unless given. */
  actor?: Actor;
  more?: Partial<z.input<typeof openRequestInput>>;
}

/** A request as an officer opens it. @returns its row */
export async function openTestRequest(
  world: PrivacyWorld,
  { kind, person, actor, more }: TestRequest,
): Promise<RequestRow> {
  const who = typeof person === "string" ? { identifiers: [{ kind: "id" as const, value: person }] } : person;
  const { id } = await world.succeed(openRequest, { kind, person: who, ...more }, actor);
  return requireRequest(world.console.db, id);
}

/** The commands that lead from receipt to a state. */
const toDecision: RequestCommand[] = ["confirm_identity", "begin_scope", "finish_scope"];
const toExecution: RequestCommand[] = [...toDecision, "approve", "execute"];
const toAnswer: RequestCommand[] = [...toExecution, "finish_execution", "finish_verification"];
const ways: Record<RequestState, RequestCommand[]> = {
  received: [],
  identity_pending: ["ask_identity"],
  verified: ["confirm_identity"],
  scoping: ["confirm_identity", "begin_scope"],
  decision_pending: toDecision,
  approved: [...toDecision, "approve"],
  partly_refused: [...toDecision, "refuse_partly"],
  refused: [...toDecision, "refuse"],
  executing: toExecution,
  verifying: [...toExecution, "finish_execution"],
  responding: toAnswer,
  closed: [...toAnswer, "close"],
  blocked_by_hold: [...toExecution, "hold"],
  failed: [...toExecution, "fail"],
  duplicate: ["mark_duplicate"],
  withdrawn: ["withdraw"],
};

/**
 * Leads a request that was just received to a state, by its moves alone: nothing is scoped, erased or handed out. The second
 * officer decides and carries out. @returns its row then
 */
export async function moveTestRequest(
  world: PrivacyWorld,
  request: number,
  state: RequestState,
  more: { now?: Date; set?: Partial<RequestRow>; decision?: RequestDecision } = {},
): Promise<RequestRow> {
  const { console, second } = world;
  const { now = new Date(), set, decision = { ground: null, parts: [] } } = more;
  const guard = { scopeFresh: true, decided: true, reauthenticated: true, remainderListed: true };
  const by = { id: second.person?.id ?? null, name: second.person?.email ?? second.name };
  const told: Partial<Record<RequestCommand, Partial<RequestRow>>> = {
    ...Object.fromEntries(
      ["approve", "refuse_partly", "refuse"].map((command) => [
        command,
        { decision, decidedBy: by.id, decidedByName: by.name, decidedAt: now },
      ]),
    ),
    execute: { executedBy: by.id, executedByName: by.name, executedAt: now },
    finish_verification: { respondedAt: now },
    close: { closedAt: now },
    mark_duplicate: { closedAt: now },
    withdraw: { closedAt: now },
  };
  return console.db.transaction(async (tx) => {
    let row = await requireRequest(tx, request);
    for (const command of ways[state]) {
      const move: Move = { actor: second, now, guard, set: told[command] ?? {} };
      row = await moveRequest(tx, row, command, move);
    }
    if (!set) return row;
    await tx.update(schema.privacyRequest).set(set).where(eq(schema.privacyRequest.id, row.id));
    return requireRequest(tx, request);
  });
}
