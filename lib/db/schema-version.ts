import type { Sql } from "postgres";
import journal from "../../drizzle/console/meta/_journal.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { AppError } from "../errors.ts";

export type SchemaState = "applied" | "pending" | "newer";

const newest = journal.entries.reduce((last, entry) => (entry.when > last.when ? entry : last));
const program = "audit-db-dashboard";

/** How the console database's migrations compare with this program's. @returns also which program applied the newest */
export async function readSchemaState(sql: Sql): Promise<{ state: SchemaState; version: string | null }> {
  const [there] = await sql<{ there: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
  if (!there?.there) return { state: "pending", version: null };
  const [row] = await sql<{ newest: string | null; note: string | null }[]>`
    select max(created_at) as newest, obj_description('drizzle.__drizzle_migrations'::regclass) as note
    from drizzle.__drizzle_migrations`;
  const applied = Number(row?.newest ?? 0);
  const state = applied > newest.when ? "newer" : applied === newest.when ? "applied" : "pending";
  const version = row?.note?.startsWith(`${program} `) ? row.note.slice(program.length + 1) : null;
  return { state, version };
}

/**
 * Refuses a console database that a newer version of this program has changed: what it would write there may not fit.
 * @throws AppError CONFLICT naming both versions
 */
export async function assertSchemaKnown(sql: Sql): Promise<void> {
  const { state, version } = await readSchemaState(sql);
  if (state === "newer") throw newerSchema(version);
}

export function newerSchema(version: string | null): AppError {
  const by = version ? `version ${version}` : "a newer version";
  return new AppError(
    "CONFLICT",
    `The console database was brought up to date by ${by} of this program; this is ${manifest.version} and knows its tables up to ${newest.tag}.`,
    { hint: `Run ${by} or a later one, or restore a backup of the console database from before it.` },
  );
}

/** Keeps which version of this program the tables are of, for the words of an older one. */
export async function noteVersion(sql: Sql): Promise<void> {
  const { state, version } = await readSchemaState(sql);
  if (state !== "applied" || version === manifest.version) return;
  // COMMENT takes no parameters; format() quotes as the server does.
  const [comment] = await sql<{ text: string }[]>`
    select format('comment on table drizzle.__drizzle_migrations is %L', ${`${program} ${manifest.version}`}::text) as text`;
  if (comment) await sql.unsafe(comment.text);
}
