import type { Sql } from "postgres";
import { indexContext } from "../audit-db/vault/wrap.ts";

/** A table of the console database whose rows hold a key wrapped by a master key. */
export interface WrappedTable {
  /** With columns `wrapped_key` (null once destroyed) and `master_key_id`. */
  table: string;
  /** Column that tells its rows apart, and its type as PostgreSQL names it. */
  id: string;
  idType: "text" | "uuid" | "bool";
  /** What its keys are, in `MasterKeyState` and for people. */
  kind: WrappedKind;
  /** What a row's key was wrapped for: it opens for nothing else. */
  contextOf(row: Record<string, unknown>): string;
}

export type WrappedKind = "subjects" | "index" | "secrets";

/**
 * Every table with wrapped keys: what rotation wraps anew, counts, and keeps master keys for. A test compares it with
 * the database's columns, since a table that is missing here loses its keys at the second rotation.
 */
export const wrappedTables: readonly WrappedTable[] = [
  {
    table: "vault.subject_key",
    id: "token",
    idType: "text",
    kind: "subjects",
    contextOf: ({ token }) => String(token),
  },
  {
    table: "vault.index_key",
    id: "only_one",
    idType: "bool",
    kind: "index",
    contextOf: () => indexContext,
  },
  {
    table: "vault.secret",
    id: "id",
    idType: "uuid",
    kind: "secrets",
    contextOf: ({ purpose, name, id }) => secretContext(String(purpose), String(name), String(id)),
  },
];

/** Purpose and id hold no slash, so two secrets never share a context whatever their names. */
export function secretContext(purpose: string, name: string, id: string): string {
  return `audit-db secret ${purpose}/${name}/${id}`;
}

export type WrappedCounts = Record<WrappedKind, number>;

/** How many keys each master key wraps, by its id; one that wraps none is left out. */
export async function countWrapped(sql: Sql): Promise<Map<string, WrappedCounts>> {
  const counts = new Map<string, WrappedCounts>();
  for (const { table, kind } of wrappedTables) {
    const rows = await sql<{ id: string; count: number }[]>`
      select master_key_id as id, count(*)::int as count from ${sql(table)}
      where wrapped_key is not null group by 1`;
    for (const { id, count } of rows) {
      const known = counts.get(id) ?? { subjects: 0, index: 0, secrets: 0 };
      counts.set(id, { ...known, [kind]: count });
    }
  }
  return counts;
}
