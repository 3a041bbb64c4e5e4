import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { quoteText } from "../../quote-sql.ts";
import { leafMatches } from "../append/leaf-matches.ts";
import { leafColumns } from "../append/leaf-row.ts";
import { toMoment } from "../append/moment.ts";
import { redactableFields } from "../append/salts.ts";
import { inTransaction } from "../pool/transaction.ts";
import type { AuditDb } from "../types.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { judgeRow, type RowChange, type RowToRedact } from "./judge-row.ts";
import type { RedactedRow, RedactionAsked, RedactionsDone } from "./types.ts";

/** Of one call, which is one transaction. */
export const maxRedactedAtOnce = 500;

const columnOf = {
  details: "details",
  targetId: "target_id",
  outcome: "outcome",
  correlationId: "correlation_id",
} as const;

/**
 * Takes values out of events in one transaction, wherever they stand: in audit_log under any policy, waiting or settled
 * in audit_quarantine. Each row is locked and its leaf checked first; where version 2 holds a commitment the leaf is
 * checked again afterwards, and one that does not match takes everything back. Asked again, it answers the same with
 * `already`: whoever died in between finds out what was done.
 * Needs the target's privacy connection, a role that may become audit_privacy.
 * @param events at most `maxRedactedAtOnce`
 * @param options.look only tell what would be done; `settled`: or fail at once where somebody is about to change a row
 * @param options.beforeCommit asked last, with the rows locked, and told what became of them: what it throws takes everything back
 * @throws AppError BAD_INPUT; UNSUPPORTED without the connection or with an older schema; FORBIDDEN; as `AuditDb.use`
 */
export async function redactEvents(
  audit: Pick<AuditDb, "use">,
  events: readonly RedactionAsked[],
  options: {
    look?: boolean | "settled";
    beforeCommit?: (rows: readonly RedactedRow[]) => Promise<void>;
    signal?: AbortSignal;
  } = {},
): Promise<RedactionsDone> {
  const asked = new Map(events.map((event) => [keyOf(checkAsked(event)), event]));
  if (asked.size < events.length) throw new AppError("BAD_INPUT", "An event was named twice.");
  if (events.length > maxRedactedAtOnce)
    throw new AppError("BAD_INPUT", `At most ${maxRedactedAtOnce} events can be redacted at once.`);
  if (asked.size === 0) return { rows: [], missing: [], partitions: [] };
  const { look = false, beforeCommit, signal } = options;
  try {
    return await audit.use(
      "privacy",
      "engine.redact_events",
      (sql) =>
        inTransaction(sql, "isolation level read committed", async () => {
          // The guards let the role itself do it, none of its members.
          await sql`set local role audit_privacy`;
          const done = await redactRows(sql, asked, look);
          await beforeCommit?.(done);
          const found = new Set(done.map(keyOf));
          return {
            rows: done,
            missing: [...asked]
              .filter(([key]) => !found.has(key))
              .map(([, { id, occurredAt }]) => ({ id, occurredAt })),
            partitions: [...new Set(done.filter(isChanged).map(({ partition }) => partition))].sort(),
          };
        }),
      signal ? { signal } : {},
    );
  } catch (thrown) {
    throw explainRefusal(thrown);
  }
}

const isChanged = ({ outcome }: RedactedRow) => outcome === "redacted";

/** One moment has many texts. */
function keyOf({ id, occurredAt }: { id: string; occurredAt: string }): string {
  const moment = toMoment(occurredAt);
  return `${"time" in moment ? moment.time : occurredAt} ${id.toLowerCase()}`;
}

function checkAsked(event: RedactionAsked): RedactionAsked {
  const problem = toMoment(event.occurredAt);
  if ("problem" in problem) throw new AppError("BAD_INPUT", `occurredAt ${problem.problem}`);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(event.id))
    throw new AppError("BAD_INPUT", "An event is named by its id, a UUID.");
  return event;
}

async function redactRows(
  sql: Sql,
  asked: Map<string, RedactionAsked>,
  look: boolean | "settled",
): Promise<RedactedRow[]> {
  // The quarantine first: a replay under way there ends before its row in the log is looked for.
  const rows = [
    ...(await readRows(sql, "audit_quarantine", asked, look)),
    ...(await readRows(sql, "audit_log", asked, look)),
  ];
  const judged = rows.flatMap((row) => {
    const event = asked.get(keyOf(row));
    return event ? [{ row, event, ...judgeRow(row, event) }] : [];
  });
  const changed = judged.flatMap(({ row, change }) => (change ? [{ row, change }] : []));
  if (look || changed.length === 0) return judged.map(({ answer }) => answer);
  await Promise.all(changed.map(({ row, change }) => sql.unsafe(updateSql(row, change))));
  const after = new Map(
    [
      ...(await readRows(sql, "audit_quarantine", asked, true)),
      ...(await readRows(sql, "audit_log", asked, true)),
    ].map((row) => [placeOf(row), row]),
  );
  for (const { row, event, change } of judged) {
    const now = after.get(placeOf(row));
    if (change && row.leafVersion > 1 && !event.evenIfLeafDiffers && !(now && leafMatches(now, now.leaf)))
      throw new AppError(
        "INTERNAL",
        `The leaf of event ${row.id} does not match once it is redacted; nothing was done.`,
      );
  }
  return judged.map(({ answer }) => answer);
}

const placeOf = (row: RowToRedact) => `${row.table} ${row.retentionPolicy} ${keyOf(row)}`;

/** Times and ids as literals: only so does a plan leave out the partitions that cannot hold them. */
function readRows(
  sql: Sql,
  table: RowToRedact["table"],
  asked: Map<string, RedactionAsked>,
  look: boolean | "settled",
): Promise<RowToRedact[]> {
  const events = [...asked.values()];
  const times = events.map(({ occurredAt }) => `timestamptz ${quoteText(occurredAt)}`);
  const ids = events.map(({ id }) => `uuid ${quoteText(id)}`);
  return sql.unsafe<RowToRedact[]>(`
    select ${leafColumns}, leaf, '${table}' as "table",
           (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = event.tableoid) as partition,
           to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt",
           actor_personal is not null as "hasActor", target_personal is not null as "hasTarget"
    from public.${table} event
    where occurred_at in (${times.join(", ")}) and id in (${ids.join(", ")})
    order by retention_policy, occurred_at, id
    ${look === true ? "" : `for update of event ${look ? "nowait" : ""}`}`);
}

function updateSql(row: RowToRedact, { fields, salts, personal }: RowChange): string {
  const texts = redactableFields.flatMap((field) => {
    const text = fields[field];
    return text === undefined ? [] : [`${columnOf[field]} = ${text === null ? "null" : quoteText(text)}`];
  });
  const changes = [
    ...texts,
    ...(texts.length > 0 && salts ? [`salts = '\\x${salts.toString("hex")}'`] : []),
    ...personal.map((side) => `${side}_personal = null`),
  ];
  return `
    update public.${row.table} set ${changes.join(", ")}
    where retention_policy = ${quoteText(row.retentionPolicy)}
      and occurred_at = timestamptz ${quoteText(row.occurredAt)} and id = uuid ${quoteText(row.id)}`;
}
