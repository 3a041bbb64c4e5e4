import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { sqlStateOf } from "../../sql-state.ts";
import { tellRefusal } from "../pool/driver-error.ts";
import type { AuditDb } from "../types.ts";
import { type AppendRow, type Sealing, sealEvents } from "./append-rows.ts";
import type { AppendCase } from "./append-statement.ts";
import { writeRows } from "./append-write.ts";
import type { Appended, AppendOptions } from "./appended.ts";
import { type FixedEvent, fixEvents } from "./event.ts";
import type { EventInput } from "./event-schema.ts";
import { requestDigest, withIdempotency } from "./idempotency.ts";

export const maxEventsPerAppend = 5_000;
const pausesMs = [100, 400];

/**
 * Appends events in one transaction: all of them are in audit_log or audit_quarantine afterwards, or none is.
 * Ids, times and ciphertexts are fixed first, so that the repeat after a lost connection can add nothing twice;
 * answers stand in the order of `events`, and only after COMMIT. Needs the target's write connection (role
 * audit_writer).
 * @throws AppError BAD_INPUT (`fields`: path → problem, e.g. `3.details.amount`), TOO_LARGE, CONFLICT for an idempotency key
 * used for something else, UNSUPPORTED without a writer, a vault where people are given, or our schema,
 * UNAVAILABLE, TIMEOUT, OVERLOADED.
 */
export async function append(
  audit: Pick<AuditDb, "use"> & Sealing,
  events: readonly EventInput[],
  options: AppendOptions = {},
): Promise<Appended[]> {
  if (events.length === 0) return [];
  if (events.length > maxEventsPerAppend)
    throw new AppError("BAD_INPUT", `At most ${maxEventsPerAppend} events can be appended at once.`);
  const { idempotencyKey: key, idempotencyScope: scope = "", signal } = options;
  const fixed = fixEvents(events);
  assertFitsOneMessage(fixed);
  const digest = key === undefined ? "" : requestDigest(scope, key, events);
  const rows = await sealEvents(fixed, audit);
  if (key === undefined) return appendRows(audit, rows, writeRows, signal);
  return appendRows(
    audit,
    rows,
    (sql, sealed, given) =>
      withIdempotency(sql, { scope, key, digest }, given.prepare, () => writeRows(sql, sealed, given)),
    signal,
  );
}

/** A text of Node's holds 512 MiB and a parameter of PostgreSQL's a gigabyte; ciphertext takes two digits a byte. */
const maxCharactersPerAppend = 100_000_000;

function assertFitsOneMessage(events: readonly FixedEvent[]): void {
  const characters = events.reduce(
    (sum, { details, actor = "", targetPerson = "" }) =>
      sum + details.length + actor.length + targetPerson.length,
    0,
  );
  if (characters > maxCharactersPerAppend)
    throw new AppError("TOO_LARGE", `These events take more than ${maxCharactersPerAppend} characters.`, {
      hint: "Append them in smaller batches.",
    });
}

/** Targets that are written to through a pooler which gives each transaction another session. */
const pooled = new WeakSet<object>();

/** Writes rows that are fixed, again after what passes by itself. @throws as `append` */
export async function appendRows(
  audit: Pick<AuditDb, "use" | "vault">,
  rows: readonly AppendRow[],
  write: (sql: Sql, rows: readonly AppendRow[], given: AppendCase) => Promise<Appended[]> = writeRows,
  signal?: AbortSignal,
): Promise<Appended[]> {
  const areNew = rows.every(({ isNew }) => isNew);
  const given: AppendCase = { vault: audit.vault, withBounds: false, areNew, prepare: !pooled.has(audit) };
  for (let attempt = 0; ; attempt++) {
    try {
      return await audit.use(
        "write",
        "engine.append",
        (sql) => write(sql, rows, given),
        signal ? { signal } : {},
      );
    } catch (thrown) {
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined || signal?.aborted) throw explain(thrown);
      if (isMissingPartition(thrown)) given.withBounds = true;
      else if (given.areNew && isTaken(thrown)) given.areNew = false;
      else if (given.prepare && isUnprepared(thrown)) {
        pooled.add(audit);
        given.prepare = false;
      } else if (isPassing(thrown)) {
        // Whether a lost connection's rows are there is not known.
        given.areNew = false;
        await delay(pauseMs, undefined, { signal });
      } else throw explain(thrown);
    }
  }
}

/** No partition takes the row: the same state as a broken CHECK, but without a constraint's name. */
function isMissingPartition(thrown: unknown): boolean {
  const { code, constraint_name } = thrown as { code?: string; constraint_name?: string };
  return code === "23514" && !constraint_name;
}

function isTaken(thrown: unknown): boolean {
  return (thrown as { code?: string }).code === "23505";
}

/** The session that kept the statement is not the one that was asked; nothing ran. */
function isUnprepared(thrown: unknown): boolean {
  return (thrown as { code?: string }).code === "26000";
}

/** A lost connection, a deadlock or a serialisation failure: the same try may succeed in a moment. */
function isPassing(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code === "UNAVAILABLE" || code === "40P01" || code === "40001";
}

function explain(thrown: unknown): unknown {
  const code = sqlStateOf(thrown);
  if (code === "42P01" || code === "42703")
    return new AppError("UNSUPPORTED", "This database has no audit_log of ours, or an older one.", {
      cause: thrown,
      hint: "Run `audit-db migrate` to see and apply the audit schema.",
    });
  return tellRefusal(thrown, "engine.append");
}
