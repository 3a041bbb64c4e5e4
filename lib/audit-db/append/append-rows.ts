import { AppError } from "../../errors.ts";
import type { AuditDb } from "../types.ts";
import { type Person, type PersonIn, type ProtectedPerson, unknownPolicy } from "../vault/types.ts";
import type { FixedEvent } from "./event.ts";
import { type LeafRow, leafHexWith, leafVersion } from "./leaf.ts";
import { drawSalts } from "./salts.ts";

/** Whom an event carries, and where their keys are. */
export interface RowPeople {
  actor?: PersonIn | undefined;
  target?: PersonIn | undefined;
}

/** A row as it will stand in audit_log: every byte fixed, so that any repeat is the same row. */
export interface AppendRow extends Omit<LeafRow, "details"> {
  actorPersonal: Buffer | null;
  targetPersonal: Buffer | null;
  /** RFC 8785: hashed and sent alike. */
  detailsText: string;
  /** Its id was made in this call: before the first attempt it stands nowhere. */
  isNew: boolean;
  /** Given where a person's id was found in target_id: how the row was kept before the token took its place. */
  former?: Pick<LeafRow, "targetId" | "targetToken">;
  /** Given where it may stand already: whose fields are encrypted. A repeat may stand under other keys of theirs. */
  people?: RowPeople;
  /** Lower-case hex. */
  leaf: string;
}

/** Whose keys seal, and for which target. */
export type Sealing = Pick<AuditDb, "target" | "vault" | "knownPolicies">;

/**
 * Encrypts the people of events and makes each row's leaf.
 * @throws AppError UNSUPPORTED when an event carries a person and there is no vault; what the vault throws
 */
export async function sealEvents(
  events: readonly FixedEvent[],
  { vault, target, knownPolicies }: Sealing,
): Promise<AppendRow[]> {
  const policies = new Set<string>();
  for (const { event, actor, targetPerson } of events)
    if (actor || targetPerson) policies.add(event.retentionPolicy);
  const known = vault && policies.size > 0 ? await knownPolicies(policies) : policies;
  const people: PersonIn[] = [];
  for (const { event, actor, targetPerson } of events) {
    const { id, retentionPolicy } = event;
    const policy = known.has(retentionPolicy) ? retentionPolicy : unknownPolicy;
    if (actor)
      people.push({ target, policy, person: event.actor as Person, text: actor, context: actorContext(id) });
    if (targetPerson)
      people.push({
        target,
        policy,
        person: event.targetPerson as Person,
        text: targetPerson,
        context: targetContext(id),
      });
  }
  if (people.length > 0 && !vault)
    throw new AppError(
      "UNSUPPORTED",
      "An event carries a person's data, and there is no key store to encrypt it.",
      {
        hint: "Set MASTER_KEY_FILE and CONSOLE_DATABASE_URL, or send tokens (actorToken, targetToken) instead.",
      },
    );
  const sealed = vault && people.length > 0 ? await vault.protect(people) : [];
  let next = 0;
  const rows = events.map((fixed) => {
    const actorAt = fixed.actor ? next++ : -1;
    const targetAt = fixed.targetPerson ? next++ : -1;
    const row = toRow(fixed, sealed[actorAt], sealed[targetAt]);
    if (!fixed.isNew) row.people = { actor: people[actorAt], target: people[targetAt] };
    return row;
  });
  const salts = drawSalts(rows, (row, field) => field !== "details" && row[field] === null);
  for (const [index, row] of rows.entries()) {
    row.salts = salts[index] as Buffer;
    row.leaf = leafHexWith(row, row.detailsText);
  }
  return rows;
}

/** Where an event's ciphertexts belong; the vault binds them to it. */
export const actorContext = (eventId: string): string => `${eventId}/actor`;
export const targetContext = (eventId: string): string => `${eventId}/target`;

function toRow(
  { event, details, isNew }: FixedEvent,
  actor: ProtectedPerson | undefined,
  target: ProtectedPerson | undefined,
): AppendRow {
  const given = { targetId: event.targetId ?? null, targetToken: target?.token ?? event.targetToken ?? null };
  const named = nameByToken(event, actor, target);
  return {
    id: event.id,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    organizationId: event.organizationId,
    action: event.action,
    status: event.status,
    targetType: event.targetType ?? null,
    targetId: named?.targetId ?? given.targetId ?? target?.token ?? null,
    outcome: event.outcome ?? null,
    correlationId: event.correlationId ?? null,
    eventVersion: event.eventVersion,
    dataClassification: event.dataClassification,
    retentionPolicy: event.retentionPolicy,
    processingMs: event.processingMs ?? null,
    detailsText: details,
    actorToken: actor?.token ?? event.actorToken ?? null,
    actorDigest: actor?.digest ?? null,
    actorPersonal: actor?.personal ?? null,
    targetToken: named?.targetToken ?? given.targetToken,
    targetDigest: target?.digest ?? null,
    targetPersonal: target?.personal ?? null,
    isNew,
    ...(named && { former: given }),
    leafVersion,
    salts: null,
    leaf: "",
  };
}

/**
 * target_id is never encrypted and never erased: where it repeats the id or the e-mail address of a person of the event,
 * that person's token stands there. Somebody who acts upon themselves is found as the target as well.
 */
function nameByToken(
  { targetId, targetToken, actor, targetPerson }: FixedEvent["event"],
  byActor: ProtectedPerson | undefined,
  byTarget: ProtectedPerson | undefined,
): Pick<LeafRow, "targetId" | "targetToken"> | undefined {
  if (!targetId) return undefined;
  if (byTarget && isNamedBy(targetId, targetPerson))
    return { targetId: byTarget.token, targetToken: byTarget.token };
  if (byActor && isNamedBy(targetId, actor))
    return { targetId: byActor.token, targetToken: byTarget?.token ?? targetToken ?? byActor.token };
  return undefined;
}

function isNamedBy(text: string, person: { id: string; email?: string | undefined } | undefined): boolean {
  return person !== undefined && [person.id, person.email].some((name) => name && fold(name) === fold(text));
}

const fold = (name: string) => name.normalize("NFC").trim().toLowerCase();
