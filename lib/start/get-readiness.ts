import type { Sql } from "postgres";
import journal from "../../drizzle/console/meta/_journal.json" with { type: "json" };
import { sqlState } from "../db/errors.ts";

export interface Readiness {
  ready: boolean;
  parts: {
    consoleDatabase: "ok" | "unreachable";
    migrations: "applied" | "pending" | "unknown";
  };
}

const newest = Math.max(...journal.entries.map((entry) => entry.when));
const noSuchTable = "42P01";
const noSuchSchema = "3F000";

/**
 * Whether this console can serve people: its own database answers and has every migration this program knows.
 * A target that is down does not count: the console is there to say so.
 */
export async function getReadiness(sql: Sql): Promise<Readiness> {
  try {
    const [row] = await sql<{ newest: string | null }[]>`
      select max(created_at) as newest from drizzle.__drizzle_migrations`;
    const applied = Number(row?.newest ?? 0) >= newest;
    return {
      ready: applied,
      parts: { consoleDatabase: "ok", migrations: applied ? "applied" : "pending" },
    };
  } catch (thrown) {
    const state = sqlState(thrown);
    if (state === noSuchTable || state === noSuchSchema) {
      return { ready: false, parts: { consoleDatabase: "ok", migrations: "pending" } };
    }
    return { ready: false, parts: { consoleDatabase: "unreachable", migrations: "unknown" } };
  }
}
