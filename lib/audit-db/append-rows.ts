import { AppError } from "../errors.ts";
import type { PreparedEvent } from "./event.ts";
import type { Json } from "./i-json.ts";
import { type LeafRow, leafHexOf } from "./leaf.ts";
import type { Person, PersonIn, ProtectedPerson, Vault } from "./vault/types.ts";

/** A row as it will stand in audit_log: every byte fixed, so that any repeat is the same row. */
export interface AppendRow extends LeafRow {
  actorPersonal: Buffer | null;
  targetPersonal: Buffer | null;
  /** Lower-case hex. */
  leaf: string;
}

/**
 * Encrypts the people of prepared events and makes each row's leaf.
 * @throws AppError UNSUPPORTED when an event carries a person and there is no vault; what the vault throws
 */
export async function sealEvents(
  events: readonly PreparedEvent[],
  vault: Vault | undefined,
): Promise<AppendRow[]> {
  const people: PersonIn[] = [];
  for (const { id, actor, targetPerson } of events) {
    if (actor) people.push({ person: actor as Person, context: actorContext(id) });
    if (targetPerson) people.push({ person: targetPerson as Person, context: targetContext(id) });
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
  return events.map((event) => {
    const actor = event.actor ? sealed[next++] : undefined;
    const target = event.targetPerson ? sealed[next++] : undefined;
    return toRow(event, actor, target);
  });
}

/** Where an event's ciphertexts belong; the vault binds them to it. */
export const actorContext = (eventId: string): string => `${eventId}/actor`;
export const targetContext = (eventId: string): string => `${eventId}/target`;

/** A leaf again, as it would be had the row been recorded at another time. */
export function leafRecordedAt(row: AppendRow, recordedAt: string): string {
  return leafHexOf({ ...row, recordedAt });
}

function toRow(
  event: PreparedEvent,
  actor: ProtectedPerson | undefined,
  target: ProtectedPerson | undefined,
): AppendRow {
  const targetToken = target?.token ?? event.targetToken ?? null;
  const row: LeafRow = {
    id: event.id,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    organizationId: event.organizationId,
    action: event.action,
    status: event.status,
    targetType: event.targetType ?? null,
    targetId: event.targetId ?? target?.token ?? null,
    outcome: event.outcome ?? null,
    correlationId: event.correlationId ?? null,
    eventVersion: event.eventVersion,
    dataClassification: event.dataClassification,
    retentionPolicy: event.retentionPolicy,
    processingMs: event.processingMs ?? null,
    details: event.details as { [key: string]: Json },
    actorToken: actor?.token ?? event.actorToken ?? null,
    actorDigest: actor?.digest ?? null,
    targetToken,
    targetDigest: target?.digest ?? null,
  };
  return {
    ...row,
    actorPersonal: actor?.personal ?? null,
    targetPersonal: target?.personal ?? null,
    leaf: leafHexOf(row),
  };
}
