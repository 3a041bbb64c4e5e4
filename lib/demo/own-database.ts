import { realpathSync } from "node:fs";
import path from "node:path";
import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";

const mark = "audit-db-dashboard demo";

/**
 * Marks the connected database as the demo's, in its comment, with the identity of its server: a copy elsewhere
 * is not the demo. Called by whoever has just made the embedded cluster; `admin` is its superuser.
 */
export async function markDemoDatabase(admin: Sql): Promise<void> {
  const [statement] = await admin<{ text: string }[]>`
    select format('comment on database %I is %L', current_database(),
                  ${mark} || ' ' || (pg_control_system()).system_identifier) as text`;
  if (statement) await admin.unsafe(statement.text);
}

/**
 * Answers the server's system identifier when the database is the demo's own: marked by our bootstrap on this very
 * server, whose files lie in the data folder.
 * @throws AppError FORBIDDEN otherwise: the demo writes made-up events and must never do so in anybody's real log.
 */
export async function requireOwnDatabase(audit: Pick<AuditDb, "use">, dataDir: string): Promise<string> {
  const found = await audit.use("watch", "demo.own", readIdentity);
  if (!isOwn(found, dataDir)) {
    throw new AppError("FORBIDDEN", "The demo writes only to the database that it made itself.", {
      hint: `It must carry the demo's mark and lie in ${ownFolder(dataDir)}. Set DEMO=off to watch a database without writing to it.`,
    });
  }
  return found.systemIdentifier;
}

/** The same question of a connection that is no engine's. */
export async function isMarkedAndAt(sql: Sql, dataDir: string): Promise<boolean> {
  return isOwn(await readIdentity(sql), dataDir);
}

interface Identity {
  comment: string | null;
  systemIdentifier: string;
  directory: string | null;
}

async function readIdentity(sql: Sql): Promise<Identity> {
  const [found] = await sql<[Identity]>`
    select shobj_description(pg_database.oid, 'pg_database') as comment,
           (pg_control_system()).system_identifier::text as "systemIdentifier",
           case when pg_has_role('pg_read_all_settings', 'usage')
             then current_setting('data_directory') end as directory
    from pg_database where datname = current_database()`;
  return found;
}

function isOwn({ comment, systemIdentifier, directory }: Identity, dataDir: string): boolean {
  return comment === `${mark} ${systemIdentifier}` && isSame(directory, ownFolder(dataDir));
}

function ownFolder(dataDir: string): string {
  return path.join(dataDir, "audit");
}

function isSame(reported: string | null, own: string): boolean {
  if (reported === null) return false;
  try {
    return realpathSync(reported) === realpathSync(own);
  } catch {
    return false;
  }
}
