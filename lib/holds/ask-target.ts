import type { Sql } from "postgres";
import type { HoldQuestion } from "./judge-hold.ts";

/**
 * Whether any row meets a question, in the log or in quarantine. Bounds and policies are values, so that only their
 * partitions are planned; each token is one look into an index of each partition that is left.
 */
export async function anyRowMeets(sql: Sql, question: HoldQuestion): Promise<boolean> {
  const [row] = await sql<{ met: boolean }[]>`
    select exists (${holdRows(sql, "public.audit_log", question)})
        or exists (${holdRows(sql, "public.audit_quarantine", question)}) as met`;
  return row?.met === true;
}

/** The rows that meet a question, as a statement. */
export function holdRows(
  sql: Sql,
  table: "public.audit_log" | "public.audit_quarantine",
  question: HoldQuestion,
) {
  const { tokens } = question;
  return sql`
    select from ${sql(table)} as row
    where true
      ${tokens ? sql`and (actor_token in ${sql([...tokens])} or target_token in ${sql([...tokens])})` : sql``}
      and ${rowMeets(sql, question)}`;
}

/** Whether a row meets a question, whoever's it is: an expression over the columns of the log, by their plain names. */
export function rowMeets(sql: Sql, question: Omit<HoldQuestion, "tokens">) {
  const { people, policies, events, organizations, actions } = question;
  const { from, to } = narrowed(question);
  const exact = actions?.filter((action) => !action.endsWith("*")) ?? [];
  const begins = actions?.filter((action) => action.endsWith("*")).map((action) => action.slice(0, -1)) ?? [];
  return sql`(true
      ${from ? sql`and occurred_at >= ${from}` : sql``}
      ${to ? sql`and occurred_at < ${to}` : sql``}
      ${policies ? sql`and retention_policy in ${sql([...policies])}` : sql``}
      ${people ? sql`and (actor_token in ${sql([...people])} or target_token in ${sql([...people])})` : sql``}
      ${organizations ? sql`and organization_id in ${sql([...organizations])}` : sql``}
      ${
        actions
          ? sql`and (action = any (array(select jsonb_array_elements_text(${JSON.stringify(exact)}::text::jsonb)))
              or exists (select from jsonb_array_elements_text(${JSON.stringify(begins)}::text::jsonb) as beginning
                         where starts_with(action, beginning)))`
          : sql``
      }
      ${
        events
          ? sql`and (id, occurred_at) in (
              select id, "occurredAt" from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb)
                as one (id uuid, "occurredAt" timestamptz))`
          : sql``
      })`;
}

/** The question's time, no wider than its events: these name microseconds, which a bound as a value does not hold. */
function narrowed({ from, to, events }: Omit<HoldQuestion, "tokens">): Pick<HoldQuestion, "from" | "to"> {
  if (!events || events.length === 0) return { from, to };
  const times = events.map(({ occurredAt }) => Date.parse(occurredAt));
  const first = new Date(Math.min(...times));
  const last = new Date(Math.max(...times) + 1);
  return { from: from && from > first ? from : first, to: to && to < last ? to : last };
}
