import canonicalize from "canonicalize";
import type { Sql } from "postgres";
import type { AuditDb } from "../types.ts";
import type { PersonIn, Vault } from "../vault/types.ts";
import { actorContext, type RowPeople, targetContext } from "./append-rows.ts";
import { standingSql } from "./append-statement.ts";
import { leafColumns, leafRowFromDatabase, type StoredLeafRow } from "./leaf-row.ts";
import { rowsUnderOtherKeys } from "./rows-under-other-keys.ts";
import { type EventForm, isSameEvent, type StandingRow } from "./same-event.ts";

/** An event's whole key. */
export interface EventPlace {
  id: string;
  /** With microseconds, as PostgreSQL reads it. */
  occurredAt: string;
  retentionPolicy: string;
}

type WaitingRow = StoredLeafRow & {
  ord: number;
  actorPersonal: Buffer | null;
  targetPersonal: Buffer | null;
};
type WaitingEvent = EventForm & { people?: RowPeople };

const given =
  "json_to_recordset($1::text::json) as given (ord integer, retention_policy text, occurred_at timestamptz, id uuid)";

const waitingSql = `
select given.ord, event.* from ${given} cross join lateral (
  select ${leafColumns}, actor_personal as "actorPersonal", target_personal as "targetPersonal"
  from public.audit_quarantine waiting where resolved_at is null and waiting.id = given.id
    and waiting.occurred_at = given.occurred_at and waiting.retention_policy = given.retention_policy
) event`;

const settleSql = `
update public.audit_quarantine waiting set resolved_at = now(), resolution = 'duplicate' from ${given}
where resolved_at is null and waiting.id = given.id and waiting.occurred_at = given.occurred_at
  and waiting.retention_policy = given.retention_policy`;

/**
 * Settles waiting events that stand in audit_log already, though their leaves differ: recorded at another time, with
 * other salts, or under another key of the same person. On the maintenance connection.
 * @param places of events whose key is taken
 * @returns those of them that are the same event
 */
export async function settleRepeats<Place extends EventPlace>(
  sql: Sql,
  { target, vault }: Pick<AuditDb, "target" | "vault">,
  places: readonly Place[],
): Promise<Place[]> {
  const keys = places.map(({ id, occurredAt, retentionPolicy }, ord) => ({
    ord,
    id,
    occurred_at: occurredAt,
    retention_policy: retentionPolicy,
  }));
  const asked = [JSON.stringify(keys)];
  const waiting: WaitingEvent[] = [];
  for (const row of await sql.unsafe<WaitingRow[]>(waitingSql, asked))
    waiting[row.ord] = await toEvent(row, target, vault);
  const standing = await sql.unsafe<(StandingRow & { ord: number })[]>(standingSql("audit_log"), asked);
  const compared = standing.flatMap(({ ord, ...stands }) => {
    const event = waiting[ord];
    return event ? [{ ord, event, stands }] : [];
  });
  const others = await rowsUnderOtherKeys(
    compared.map(({ event }) => event),
    vault,
  );
  const same = compared
    .filter(({ event, stands }, at) => isSameEvent([event, ...(others[at] ?? [])], stands))
    .map(({ ord }) => ord);
  if (same.length > 0) await sql.unsafe(settleSql, [JSON.stringify(same.map((ord) => keys[ord]))]);
  return same.map((ord) => places[ord] as Place);
}

async function toEvent(row: WaitingRow, target: string, vault: Vault | undefined): Promise<WaitingEvent> {
  const { actorPersonal, targetPersonal, ord: _, ...columns } = row;
  const { details, ...leafRow } = leafRowFromDatabase(columns);
  const event = { ...leafRow, detailsText: canonicalize(details) as string, actorPersonal, targetPersonal };
  if (!vault) return event;
  const place = { target, policy: event.retentionPolicy };
  /** Whoever stands in it, where their key still opens it. */
  const reveal = async (
    token: string | null,
    personal: Buffer | null,
    context: string,
  ): Promise<PersonIn | undefined> => {
    if (token === null || personal === null) return undefined;
    const [answer] = await vault.reveal([{ ...place, token, personal, context }]);
    return answer?.state === "readable" ? { ...place, context, person: answer.person } : undefined;
  };
  const actor = await reveal(event.actorToken, actorPersonal, actorContext(event.id));
  const person = await reveal(event.targetToken, targetPersonal, targetContext(event.id));
  return { ...event, people: { actor, target: person } };
}
