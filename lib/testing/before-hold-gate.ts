import postgres from "postgres";
import { vi } from "vitest";
import { consoleLocks } from "../db/locks.ts";
import type { PrivacyWorld } from "./privacy-world.ts";

/**
 * Does something while a destroyer stands before the hold gate: it has read what it destroys, and asks next whether it may.
 * @param begin lets somebody begin to destroy; nobody else may meanwhile
 */
export async function beforeHoldGate(
  { consoleUrl }: Pick<PrivacyWorld, "consoleUrl">,
  meanwhile: () => Promise<unknown>,
  begin: () => Promise<unknown>,
): Promise<void> {
  const gate = postgres(consoleUrl, { max: 1, onnotice: () => {} });
  try {
    await gate.begin(async (sql) => {
      await sql`select pg_advisory_xact_lock(${consoleLocks.holds}::text::bigint)`;
      await begin();
      await vi.waitFor(
        async () => {
          const waiting = await sql`
            select from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())
              and (classid::bigint << 32) + objid::bigint = ${consoleLocks.holds}::text::bigint`;
          if (waiting.length === 0) throw new Error("nobody waits at the gate");
        },
        { timeout: 30_000, interval: 20 },
      );
      await meanwhile();
    });
  } finally {
    await gate.end();
  }
}
