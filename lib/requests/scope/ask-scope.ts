import type { Sql } from "postgres";
import type { AuditDb } from "../../audit-db/types.ts";
import { requireAccess } from "../../audit-log/check-access.ts";
import { rowMeets } from "../../holds/ask-target.ts";
import type { SubjectKey } from "../../key-store/subject-keys.ts";
import { isShared } from "../../privacy/erasure/read-key-facts.ts";
import type { HoldOnPerson } from "./hold-questions.ts";

/** Records of a person that are alike in all that a scope counts by. */
export interface ScopeGrain {
  partition: string;
  policy: string;
  /** `YYYY-MM`, UTC */
  month: string;
  action: string;
  classification: string;
  asActor: boolean;
  asTarget: boolean;
  quarantined: boolean;
  sharedKey: boolean;
  /** Whether a floor keeps them now. */
  floored: boolean;
  /** Places in the list of holds that was asked with. */
  holds: number[];
  events: number;
  /** ISO 8601 with microseconds, as each time here. */
  oldest: string;
  newest: string;
  /** Transaction of the newest written one; null in quarantine. */
  xact: number | null;
}

export interface ScopeSample {
  id: string;
  occurredAt: string;
  action: string;
  policy: string;
  asActor: boolean;
}

export interface ScopeFacts {
  grain: ScopeGrain[];
  samples: ScopeSample[];
  policies: Record<string, { floorDays: number; legalBasis: string }>;
}

/** By which rows of a person are found on a target. */
export interface PersonOn {
  keys: readonly SubjectKey[];
  /** None: of every organisation. */
  organizations: readonly string[];
}

export const samplesMost = 20;
const countedWithinMs = 15 * 60_000;

/**
 * Everything that stands under a person's keys on a target, counted in one statement over their rows, by the indexes on
 * tokens. A restricted person's rows are counted as well: it is they who ask. Asks the primary.
 * @throws AppError UNSUPPORTED, UNAVAILABLE, TIMEOUT: then nothing is known of this target
 */
export function askScope(
  audit: Pick<AuditDb, "use" | "target">,
  person: PersonOn,
  holds: readonly HoldOnPerson[],
  now: Date,
  timeoutMs = countedWithinMs,
): Promise<ScopeFacts> {
  return audit.use(
    "read",
    "requests.scope",
    async (sql) => {
      await requireAccess(sql);
      const [found] = await scopeStatement(sql, audit.target, person, holds, now);
      if (!found) throw new Error("the scope answered nothing");
      return found;
    },
    { timeoutMs },
  );
}

function scopeStatement(
  sql: Sql,
  target: string,
  person: PersonOn,
  holds: readonly HoldOnPerson[],
  now: Date,
) {
  const { keys } = person;
  const tokens = keys.map(({ token }) => token);
  const shared = keys.filter(isShared).map(({ token }) => token);
  const among = (column: "actor_token" | "target_token", list: readonly string[]) =>
    list.length > 0 ? sql`coalesce(${sql(column)} in ${sql([...list])}, false)` : sql`false`;
  const covering = holds.map(({ question }, n) => {
    const met = question ? rowMeets(sql, question) : sql`true`;
    return n === 0 ? sql`case when ${met} then 0 end` : sql`, case when ${met} then ${n}::int end`;
  });
  const rows = sql`
    id, occurred_at, retention_policy as policy, action, data_classification as classification,
    ${among("actor_token", tokens)} as as_actor, ${among("target_token", tokens)} as as_target,
    ${among("actor_token", shared)} or ${among("target_token", shared)} as shared_key,
    ${holds.length > 0 ? sql`array_remove(array[${covering}], null)` : sql`'{}'::int[]`} as holds`;
  const theirs = ownRows(sql, target, person);
  return sql<ScopeFacts[]>`
    with mine as materialized (
      select tableoid as relation, false as quarantined, (xact_id::text)::bigint as xact, ${rows}
      from public.audit_log where ${theirs}
      union all
      select tableoid, true, null, ${rows} from public.audit_quarantine where resolved_at is null and ${theirs}
    ), grain as materialized (
      select relation, policy, date_trunc('month', occurred_at) as month, action, classification, as_actor, as_target,
             quarantined, shared_key, holds,
             occurred_at > ${now}::timestamptz - make_interval(secs => floor_days * 86400.0) as floored,
             count(*)::int as events, min(occurred_at) as oldest, max(occurred_at) as newest, max(xact) as xact
      from mine left join public.retention_policy on retention_policy.name = policy
      group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    )
    select
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'partition', relname, 'policy', policy, 'month', to_char(month, 'YYYY-MM'), 'action', action,
          'classification', classification, 'asActor', as_actor, 'asTarget', as_target, 'quarantined', quarantined,
          'sharedKey', shared_key, 'floored', coalesce(floored, false), 'holds', holds, 'events', events,
          'oldest', ${iso(sql, "oldest")}, 'newest', ${iso(sql, "newest")}, 'xact', xact))
        from grain join pg_class on pg_class.oid = relation), '[]') as grain,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', id, 'occurredAt', ${iso(sql, "occurred_at")}, 'action', action,
                                            'policy', policy, 'asActor', as_actor) order by occurred_at desc)
        from (select distinct policy as one from grain) each
        cross join lateral (
          select * from mine where policy = one order by occurred_at desc, id limit ${samplesMost}::int) newest), '[]') as samples,
      (select coalesce(jsonb_object_agg(name, jsonb_build_object('floorDays', floor_days, 'legalBasis', legal_basis)), '{}')
       from public.retention_policy) as policies`;
}

/** Rows of a person; those of a policy for which an old key is closed count as erased. */
export function ownRows(sql: Sql, target: string, { keys, organizations }: PersonOn) {
  const tokens = sql(keys.map(({ token }) => token));
  const closed = keys.flatMap(({ token, closed }) =>
    closed.filter((one) => one.target === target).map(({ policy }) => ({ token, policy })),
  );
  const without = closed.map(
    ({ token, policy }) =>
      sql`and not (retention_policy = ${policy} and ${token} in (actor_token, target_token))`,
  );
  return sql`((actor_token in ${tokens} or target_token in ${tokens}) ${without.length > 0 ? without : sql``}
    ${organizations.length > 0 ? sql`and organization_id in ${sql([...organizations])}` : sql``})`;
}

export function iso(sql: Sql, column: string) {
  return sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
