import { hash } from "node:crypto";
import type { Row, Sql } from "postgres";
import { AppError } from "../../errors.ts";
import { inTransaction } from "../pool/transaction.ts";
import type { AuditDb } from "../types.ts";
import type { Appended } from "./appended.ts";
import type { EventInput } from "./event-schema.ts";

export interface IdempotencyKey {
  scope: string;
  key: string;
  /** Of the request as it came; lower-case hex. */
  digest: string;
}

const keptDays = 7;

/** Tells requests apart; salted with the key, so that the digest of a small request cannot be guessed at. */
export function requestDigest(scope: string, key: string, events: readonly EventInput[]): string {
  return hash("sha256", JSON.stringify([scope, key, events]), "hex");
}

/**
 * Writes once for each key: the answer is stored in the transaction that writes, and a repeat is given that. Two at
 * once wait for each other at an advisory lock.
 * @param prepare whether the server may keep the statements
 * @throws AppError CONFLICT when the key was used for another request
 */
export function withIdempotency(
  sql: Sql,
  { scope, key, digest }: IdempotencyKey,
  prepare: boolean,
  write: () => Promise<Appended[]>,
): Promise<Appended[]> {
  const ask = <T extends Row[]>(text: string, ...values: string[]) =>
    sql.unsafe<T>(text, values, { prepare });
  return inTransaction(sql, "isolation level read committed", async () => {
    await ask("select pg_advisory_xact_lock(hashtextextended($1, 0))", `audit idempotency ${scope} ${key}`);
    const [known] = await ask<{ digest: string; results: Appended[] }[]>(
      `select encode(request_digest, 'hex') as digest, results
       from public.audit_idempotency where scope = $1 and key = $2`,
      scope,
      key,
    );
    if (known?.digest === digest) return known.results;
    if (known)
      throw new AppError("CONFLICT", "This Idempotency-Key was used for another request.", {
        hint: "A key belongs to one request and its repeats; make a new one for each.",
      });
    const results = await write();
    await ask(
      `insert into public.audit_idempotency (scope, key, request_digest, results)
       values ($1, $2, decode($3, 'hex'), $4::text::jsonb)`,
      scope,
      key,
      digest,
      JSON.stringify(results),
    );
    return results;
  });
}

/** Forgets answers older than seven days. Needs the maintenance connection. @returns how many */
export function purgeIdempotency(audit: Pick<AuditDb, "use">): Promise<number> {
  return audit.use("maintenance", "engine.purge_idempotency", async (sql) => {
    const { count } = await sql`
      delete from public.audit_idempotency where created_at < now() - make_interval(days => ${keptDays})`;
    return count;
  });
}
