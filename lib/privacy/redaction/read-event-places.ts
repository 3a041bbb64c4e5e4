import type { AuditDb } from "../../audit-db/types.ts";

export interface EventPlace {
  policy: string;
  tokens: string[];
}

/** Where events were found. */
export interface EventPlaces {
  /** By policy, whose tokens are in them. */
  places: EventPlace[];
  /** Whether a row was among them. */
  has(row: { id: string; retentionPolicy: string }): boolean;
}

/** Under which policies events stand and whose tokens are in them, in the log and in quarantine. */
export async function readEventPlaces(
  audit: Pick<AuditDb, "use">,
  events: readonly { id: string; occurredAt: string }[],
): Promise<EventPlaces> {
  const times = events.map(({ occurredAt }) => Date.parse(occurredAt));
  const from = new Date(Math.min(...times));
  const to = new Date(Math.max(...times) + 1);
  const asked = JSON.stringify(events);
  const rows = await audit.use(
    "read",
    "privacy.event_places",
    (sql) => sql<{ id: string; policy: string; actor: string | null; person: string | null }[]>`
      with asked as (
        select id, "occurredAt" as occurred_at
        from jsonb_to_recordset(${asked}::text::jsonb) as one (id uuid, "occurredAt" timestamptz)
      )
      select id::text as id, retention_policy as policy, actor_token as actor, target_token as person
      from public.audit_log
      where occurred_at >= ${from} and occurred_at < ${to} and (id, occurred_at) in (select id, occurred_at from asked)
      union all
      select id::text, retention_policy, actor_token, target_token from public.audit_quarantine
      where (id, occurred_at) in (select id, occurred_at from asked)`,
  );
  const places = new Map<string, Set<string>>();
  for (const { policy, actor, person } of rows) {
    const tokens = places.get(policy) ?? new Set();
    places.set(policy, tokens);
    for (const token of [actor, person]) if (token !== null) tokens.add(token);
  }
  const known = new Set(rows.map(({ id, policy }) => `${policy} ${id}`));
  return {
    places: [...places].map(([policy, tokens]) => ({ policy, tokens: [...tokens].sort() })),
    has: ({ id, retentionPolicy }) => known.has(`${retentionPolicy} ${id}`),
  };
}
