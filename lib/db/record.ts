import { createHash } from "node:crypto";
import type { OutboxPayload } from "../../drizzle/console/schema/activity.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Tx } from "./console-db.ts";
import { schema } from "./schema.ts";

/** What happened, who did it and to what. */
export interface ActivityEntry {
  actor: {
    kind: "user" | "token" | "system" | "anonymous";
    id: string | null;
    name: string;
    email?: string | null;
    ip?: string | null;
  };
  /** `object.verb`, e.g. `user.set-role` */
  action: string;
  /** `unknown`: whoever did it was gone before they told. */
  outcome: "success" | "refused" | "failed" | "unknown";
  /** The watched database concerned; none means the console itself. */
  target?: string | null;
  object?: { type: "user" | "session" | "token" | (string & {}); id: string; name?: string };
  /** Facts without personal data: shown in the activity log and sent along in the audit event. */
  facts?: Record<string, unknown>;
  /** Further facts for the activity log only; never a secret. */
  detail?: Record<string, unknown>;
}

/** A person's stable token in audit events: names nobody without the console's own users table. */
export function personToken(userId: string): string {
  return `console_${createHash("sha256").update(`console-user\0${userId}`).digest("hex").slice(0, 32)}`;
}

function toPayload(entry: ActivityEntry, at: Date): OutboxPayload {
  const { actor, object } = entry;
  const person = object?.type === "user" ? personToken(object.id) : null;
  return {
    occurredAt: at.toISOString(),
    action: `console.${entry.action.replaceAll("-", "_")}`,
    status: entry.outcome === "success" ? "success" : "failure",
    outcome: entry.outcome,
    actorToken: actor.kind === "user" && actor.id ? personToken(actor.id) : `console_${actor.kind}`,
    targetType: object ? `console_${object.type.replaceAll("-", "_")}` : null,
    targetId: person ?? object?.id ?? null,
    targetToken: person,
    details: { ...entry.facts, ...(actor.kind === "token" && { apiTokenId: actor.id }) },
  };
}

/**
 * Writes the activity row and, for each target that should hear of it, an outbox row under the same id, in
 * the caller's transaction: it happened and is told, or neither.
 * @param auditTargets names of the configured targets; an entry about one target goes to that one only.
 * @returns the id of the activity row and audit event.
 */
export async function recordActivity(
  tx: Tx,
  entry: ActivityEntry,
  auditTargets: readonly string[],
  now: Date = new Date(),
): Promise<string> {
  const id = uuidV7(now.getTime());
  const heardBy = entry.target ? auditTargets.filter((name) => name === entry.target) : auditTargets;
  const payload = toPayload(entry, now);
  const told = heardBy.map((target) => ({ id, target, payload, createdAt: now, nextAttemptAt: now }));
  await Promise.all([
    tx.insert(schema.activity).values({
      id,
      at: now,
      actorKind: entry.actor.kind,
      actorId: entry.actor.id,
      actorName: entry.actor.email ?? entry.actor.name,
      action: entry.action,
      target: entry.target ?? null,
      objectType: entry.object?.type ?? null,
      objectId: entry.object?.id ?? null,
      objectName: entry.object?.name ?? null,
      outcome: entry.outcome,
      detail: { ...entry.facts, ...entry.detail },
      ip: entry.actor.ip ?? null,
    }),
    told.length > 0 && tx.insert(schema.outbox).values(told),
  ]);
  return id;
}
