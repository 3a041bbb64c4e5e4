import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Actor } from "../auth/actor.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { RequestKind } from "../request-law/kinds.ts";
import { type RequestCommand, type RequestFacts, transition } from "../request-law/transition.ts";
import { moveClock } from "./clock/move-clock.ts";
import { type RequestRow, updateRequest } from "./read-request.ts";
import type { RequestKey } from "./sealed.ts";
import type { RequestEventKind } from "./types.ts";

/** Who did it, as the timeline and the certificate name them; null: the product itself. */
export type RequestActor = (Pick<Actor, "name" | "person"> & { role: Actor["role"] | "source" }) | null;

export interface RequestEventInput {
  kind: RequestEventKind;
  actor: RequestActor;
  now: Date;
  from?: RequestRow["state"];
  to?: RequestRow["state"];
  /** Codes, counts and ids; no personal data. */
  facts?: Record<string, unknown>;
  /** What somebody typed, sealed under the request's key. */
  typed?: { key: RequestKey; text: string };
}

/** Writes a line of a request's timeline, in the transaction of what it tells. @returns its id */
export async function writeRequestEvent(
  tx: Tx,
  { id: requestId }: Pick<RequestRow, "id">,
  { kind, actor, now, from, to, facts, typed }: RequestEventInput,
): Promise<string> {
  const id = uuidV7(now.getTime());
  await tx.insert(schema.requestEvent).values({
    id,
    requestId,
    at: now,
    kind,
    fromState: from ?? null,
    toState: to ?? null,
    actorId: actor?.person?.id ?? null,
    actorName: actor?.person?.email ?? actor?.name ?? "audit-db",
    actorRole: actor?.role ?? "system",
    facts: facts ?? {},
    sealed: typed ? typed.key.seal(`event/${id}`, Buffer.from(typed.text)) : null,
  });
  return id;
}

/** What a move says beside where it leads. */
export interface Move extends Omit<RequestEventInput, "kind" | "from" | "to"> {
  /** What guards look at beyond the row; what is not said counts as not fulfilled. */
  guard?: Partial<Pick<RequestFacts, "scopeFresh" | "decided" | "reauthenticated" | "remainderListed">>;
  /** Columns that change with it. */
  set?: Partial<RequestRow>;
}

/**
 * Moves a request by a command: guards, compare and set, its clock, and the line of its timeline, in one transaction.
 * @throws AppError CONFLICT with the states named, or when somebody moved it meanwhile
 */
export async function moveRequest(
  tx: Tx,
  row: RequestRow,
  command: RequestCommand,
  { guard, set, ...told }: Move,
): Promise<RequestRow> {
  const { number, state } = row;
  const answer = transition(
    {
      kind: row.kind as RequestKind,
      state,
      resumesAt: row.resumesAt,
      submittedBy: row.submittedBy,
      actor: told.actor?.person?.id ?? null,
      responded: row.respondedAt !== null,
      scopeFresh: false,
      decided: false,
      reauthenticated: false,
      remainderListed: false,
      ...guard,
    },
    command,
  );
  if (!answer.ok) throw new AppError("CONFLICT", `Request #${number}: ${answer.why}`);
  const clock = await moveClock(tx, row, { command, to: answer.to, now: told.now });
  const { to, resumesAt } = answer;
  const moved = await updateRequest(tx, row, { ...clock, ...set, state: to, resumesAt });
  await writeRequestEvent(tx, row, {
    ...told,
    kind: "moved",
    from: state,
    to,
    facts: { command, ...told.facts },
  });
  return moved;
}
