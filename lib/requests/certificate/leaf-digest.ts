import { createHash } from "node:crypto";
import type { AuditDb } from "../../audit-db/types.ts";
import { listedMost } from "./statement.ts";

/** The events that stand under a token in one policy, as a certificate refers to them. */
export interface LeafDigest {
  events: number;
  /** SHA-256 over a line `TIME_ID LEAF\n` for each, by time and id; hex. */
  digest: string;
  /** The first lines without their ends. */
  leaves: string[];
}

const pageSize = 5_000;

/**
 * Reads the leaves of a token's events in one policy of a target, a page at a time and in flat memory: actor and target are
 * two indexes, each asked from where the last page ended. Asks the primary.
 * @throws AppError while the target cannot be asked
 */
export async function readLeafDigest(
  audit: Pick<AuditDb, "use">,
  { token, policy }: { token: string; policy: string },
  signal: AbortSignal,
): Promise<LeafDigest> {
  const hash = createHash("sha256");
  const leaves: string[] = [];
  let events = 0;
  let after = { at: "0001-01-01T00:00:00.000000Z", id: "00000000-0000-0000-0000-000000000000" };
  for (;;) {
    signal.throwIfAborted();
    const page = await readPage(audit, token, policy, after);
    for (const { at, id, leaf } of page) {
      const line = `${at}_${id} ${leaf}`;
      hash.update(`${line}\n`);
      if (leaves.length < listedMost) leaves.push(line);
    }
    events += page.length;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return { events, digest: hash.digest("hex"), leaves };
    after = last;
  }
}

function readPage(
  audit: Pick<AuditDb, "use">,
  token: string,
  policy: string,
  { at, id }: { at: string; id: string },
): Promise<{ at: string; id: string; leaf: string }[]> {
  return audit.use(
    "read",
    "requests.leaves",
    (sql) => {
      // As a value, to the millisecond: partitions before it are not planned.
      const from = new Date(at);
      const one = (column: "actor_token" | "target_token") => sql`
        select occurred_at, id, leaf from public.audit_log
        where retention_policy = ${policy} and ${sql(column)} = ${token} and occurred_at >= ${from}
          and (occurred_at, id) > (${at}::text::timestamptz, ${id}::uuid)
        order by occurred_at, id limit ${pageSize}`;
      return sql<{ at: string; id: string; leaf: string }[]>`
        select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, id::text as id,
               coalesce(encode(leaf, 'hex'), '') as leaf
        from ((${one("actor_token")}) union (${one("target_token")})) found
        order by occurred_at, id limit ${pageSize}`;
    },
    { timeoutMs: 60_000 },
  );
}
