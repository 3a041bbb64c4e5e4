import type { AuditDb } from "../types.ts";
import { coveredSql, reasonSql } from "./append-statement.ts";
import { eventColumns } from "./append-wire.ts";
import type { QuarantineReason } from "./appended.ts";
import { sameEventSql } from "./same-event-sql.ts";
import { type EventPlace, settleRepeats } from "./settle-repeats.ts";

/** What became of an event that waited. */
export interface Replayed {
  id: string;
  /**
   * `stored`: it stands in audit_log now, byte for byte as it came. `duplicate`: the same stood there already.
   * `conflict`: other content stands under its id; it keeps waiting. `waiting`: the cause is still there.
   */
  outcome: "stored" | "duplicate" | "conflict" | "waiting";
  reason?: QuarantineReason;
}

export const maxReplayed = 1_000;

/**
 * Rows are locked, judged anew, moved and marked in one statement, so one transaction; a row that two people replay
 * at once is moved by one of them, and the other does not see it. An event that lost a race for its key to an append
 * is answered as waiting and settled by the next replay.
 */
const replaySql = `
with covered as materialized (${coveredSql}), picked as materialized (
  select * from public.audit_quarantine
  where resolved_at is null and ($1::uuid[] is null or id = any($1))
  order by quarantined_at, id limit ${maxReplayed}
  for update skip locked
), judged as materialized (
  select picked.*, ${reasonSql("picked", true)} as "nowReason",
         standing.leaf is not null as taken,
         standing.leaf is not null and ${sameEventSql("standing", "picked")} as same
  from picked left join public.audit_log standing using (retention_policy, occurred_at, id)
), moved as (
  insert into public.audit_log (${eventColumns})
  select ${eventColumns} from judged where "nowReason" is null and not taken
  order by retention_policy, occurred_at, id
  on conflict do nothing
  returning retention_policy, occurred_at, id
), settled as (
  update public.audit_quarantine waiting
  set resolved_at = now(), resolution = case when judged.taken then 'duplicate' else 'replayed' end
  from judged
  where waiting.id = judged.id and waiting.occurred_at = judged.occurred_at
    and waiting.retention_policy = judged.retention_policy and waiting.resolved_at is null
    and (judged.same or exists (
      select from moved where moved.id = judged.id and moved.occurred_at = judged.occurred_at
        and moved.retention_policy = judged.retention_policy))
)
select judged.id, judged.occurred_at::text as "occurredAt", judged.retention_policy as "retentionPolicy",
       case when moved.id is not null then 'stored' when judged.same then 'duplicate'
            when judged.taken then 'conflict' else 'waiting' end as outcome,
       case when moved.id is null and not judged.taken then coalesce("nowReason", judged.reason) end as reason
from judged left join moved using (retention_policy, occurred_at, id)
order by judged.quarantined_at, judged.id`;

type ReplayedRow = Omit<Replayed, "reason"> & EventPlace & { reason: QuarantineReason | null };

/**
 * Moves events out of quarantine whose cause is gone, at most 1,000 at a time, the longest-waiting first. Their
 * bytes and leaves stay as they were fixed when they came. Needs the maintenance connection: reading whole rows of
 * the quarantine and settling them is the owner's.
 * @param ids only these; all when left out
 * @throws AppError UNSUPPORTED without a maintenance connection
 */
export async function replayQuarantine(
  audit: Pick<AuditDb, "use" | "target" | "vault">,
  ids?: readonly string[],
): Promise<Replayed[]> {
  return audit.use("maintenance", "engine.replay_quarantine", async (sql) => {
    const rows = await sql.unsafe<ReplayedRow[]>(replaySql, [ids ? uuidArray(ids) : null]);
    const taken = rows.filter(({ outcome }) => outcome === "conflict");
    const same = new Set(taken.length > 0 ? await settleRepeats(sql, audit, taken) : []);
    return rows.map((row) => ({
      id: row.id,
      outcome: same.has(row) ? "duplicate" : row.outcome,
      ...(row.reason && { reason: row.reason }),
    }));
  });
}

/** As the server reads an array: the driver is not told its types on these connections. */
export function uuidArray(ids: readonly string[]): string {
  return `{${ids.map((id) => `"${id.replaceAll(/[^0-9a-f-]/gi, "")}"`).join(",")}}`;
}
