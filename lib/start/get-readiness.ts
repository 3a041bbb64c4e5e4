import type { ConsoleDb } from "../db/console-db.ts";
import { consoleDbError } from "../db/errors.ts";
import { newerSchema, readSchemaState, type SchemaState } from "../db/schema-version.ts";

export interface Readiness {
  ready: boolean;
  parts: {
    consoleDatabase: "ok" | "unreachable";
    migrations: SchemaState | "unknown";
  };
  /** Why not, in words. */
  reason?: string;
}

const withinMs = 700;

/**
 * Whether this console can serve people: its own database answers and has exactly the migrations this program knows.
 * A target that is down does not count: the console is there to say so. Answers within a second whatever hangs.
 */
export async function getReadiness(console: Pick<ConsoleDb, "sql">): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const asked = readSchemaState(console.sql);
  asked.catch(() => {});
  try {
    const { state, version } = await Promise.race([
      asked,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(Object.assign(new Error(), { code: "NO_ANSWER" })), withinMs);
      }),
    ]);
    return {
      ready: state === "applied",
      parts: { consoleDatabase: "ok", migrations: state },
      ...(state === "newer" && { reason: newerSchema(version).message }),
      ...(state === "pending" && {
        reason: "Migrations of the console database are missing; `npm start` applies them.",
      }),
    };
  } catch (thrown) {
    return {
      ready: false,
      parts: { consoleDatabase: "unreachable", migrations: "unknown" },
      reason: consoleDbError(thrown).message,
    };
  } finally {
    clearTimeout(timer);
  }
}
