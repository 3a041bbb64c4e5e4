import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import { appendParameter, appendSql } from "./append-statement.ts";
import { type EventInput, type PreparedEvent, prepareEvents } from "./event.ts";
import type { AuditDb } from "./types.ts";

/** What became of one event. */
export interface Appended {
  id: string;
  /** ISO 8601, UTC, as stored. */
  occurredAt: string;
  /** `duplicate`: it was there already. `quarantined`: it waits in audit_quarantine, with the reason. */
  outcome: "stored" | "duplicate" | "quarantined";
  reason?: QuarantineReason;
}

export type QuarantineReason = "unknown_policy" | "no_partition" | "too_far_ahead";

export const maxEventsPerAppend = 5_000;
const fast = appendSql(false);
const careful = appendSql(true);
const pausesMs = [100, 400];

/**
 * Appends events in one statement: all of them are in audit_log or audit_quarantine afterwards, or none is.
 * Ids and times are fixed first, so that the repeat after a lost connection can add nothing twice; answers stand in
 * the order of `events`. Needs the target's write connection (role audit_writer).
 * @throws AppError BAD_INPUT (`fields`: path → problem, e.g. `3.details.amount`), UNSUPPORTED without a writer or
 * our schema, UNAVAILABLE, TIMEOUT, OVERLOADED.
 */
export async function append(
  audit: Pick<AuditDb, "use">,
  events: readonly EventInput[],
): Promise<Appended[]> {
  if (events.length === 0) return [];
  if (events.length > maxEventsPerAppend)
    throw new AppError("BAD_INPUT", `At most ${maxEventsPerAppend} events can be appended at once.`);
  const prepared = prepareEvents(events);
  const parameter = appendParameter(prepared);
  let bounds = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await audit.use("write", "engine.append", (sql) => write(sql, prepared, parameter, bounds));
    } catch (thrown) {
      const pauseMs = pausesMs[attempt];
      if (isMissingPartition(thrown)) bounds = true;
      else if (!isPassing(thrown)) throw explain(thrown);
      if (pauseMs === undefined) throw explain(thrown);
      if (!isMissingPartition(thrown)) await delay(pauseMs);
    }
  }
}

async function write(
  sql: Sql,
  events: readonly PreparedEvent[],
  parameter: string,
  bounds: boolean,
): Promise<Appended[]> {
  const outcomes = await sql.unsafe<{ ord: number; reason: QuarantineReason | null; stored: boolean }[]>(
    bounds ? careful : fast,
    [parameter],
    { prepare: true },
  );
  const seen = new Set<string>();
  return outcomes.map(({ ord, reason, stored }) => {
    const { id, occurredAt, retentionPolicy } = events[ord] as PreparedEvent;
    if (reason) return { id, occurredAt, outcome: "quarantined", reason };
    const key = `${retentionPolicy} ${occurredAt} ${id}`;
    const first = !seen.has(key);
    seen.add(key);
    return { id, occurredAt, outcome: stored && first ? "stored" : "duplicate" };
  });
}

/** No partition takes the row: the same state as a broken CHECK, but without a constraint's name. */
function isMissingPartition(thrown: unknown): boolean {
  const { code, constraint_name } = thrown as { code?: string; constraint_name?: string };
  return code === "23514" && !constraint_name;
}

/** A lost connection, a deadlock or a serialisation failure: the same try may succeed in a moment. */
function isPassing(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code === "UNAVAILABLE" || code === "40P01" || code === "40001";
}

function explain(thrown: unknown): unknown {
  const { code } = thrown as { code?: string };
  if (code === "42P01")
    return new AppError("UNSUPPORTED", "This database has no audit_log of ours.", {
      cause: thrown,
      hint: "Run `audit-db migrate` to see and apply the audit schema.",
    });
  return thrown;
}
