import { foreignBytes, readForeignText } from "../audit-db/foreign-text.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteText } from "../quote-sql.ts";
import type { ServerSession } from "./types.ts";

interface PreparedRow {
  gid: Buffer;
  prepared: Date;
  seconds: number;
  owner: string | null;
  database: string | null;
  age: number;
}

/** Prepared transactions of every database of the server, the oldest first, as lists of transactions show them. */
export async function readPreparedTransactions(audit: AuditDb, limit: number): Promise<ServerSession[]> {
  const { data } = await audit.read({
    name: "connections.prepared",
    key: [limit],
    source: "pg_prepared_xacts",
    run: async (sql) => {
      const rows = await sql<PreparedRow[]>`
        select ${foreignBytes(sql, "gid")} as gid, prepared,
               extract(epoch from clock_timestamp() - prepared)::float8 as seconds,
               owner::text as owner, database::text as database, age(transaction)::int as age
        from pg_prepared_xacts order by prepared, gid limit ${limit}`;
      return rows.map(asTransaction);
    },
  });
  return data;
}

function asTransaction({ gid, prepared, seconds, owner, database, age }: PreparedRow): ServerSession {
  const { text, intact } = readForeignText(gid);
  const end = (verb: string) => (intact ? `${verb} PREPARED ${quoteText(text)};` : null);
  return {
    ...{ pid: 0, backendStart: null, user: owner, database, application: null, client: null },
    ...{ backendType: "prepared transaction", state: "prepared", own: false },
    ...{ transactionStartedAt: prepared, transactionSeconds: seconds, xminAge: age },
    ...{ queryStartedAt: null, querySeconds: null, stateChangedAt: prepared, stateSeconds: seconds },
    ...{ waitEventType: null, waitEvent: null, queryId: null, statementKey: null },
    ...{ query: null, queryIntact: true },
    prepared: { gid: text, commit: end("COMMIT"), rollback: end("ROLLBACK") },
  };
}
