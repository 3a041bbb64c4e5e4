import postgres from "postgres";
import { world } from "./world.ts";

/** Opens this many idle connections on the audit database under a name; answers what closes them. */
export async function openConnections(count: number, name: string): Promise<() => Promise<void>> {
  const sql = postgres(world().auditUrl, {
    max: count,
    onnotice: () => {},
    connection: { application_name: name },
  });
  const held = await Promise.all(Array.from({ length: count }, () => sql.reserve()));
  await Promise.all(held.map((connection) => connection`select 1`));
  return async () => {
    for (const connection of held) connection.release();
    await sql.end({ timeout: 1 });
  };
}

/**
 * Commits as fast as two connections can until stopped; answers the most commits of any second on stopping. Each reads
 * a table: PostgreSQL does not report a busy session's commits that touched nothing.
 */
export function runCommits(): () => Promise<number> {
  const sql = postgres(world().auditUrl, { max: 2, onnotice: () => {} });
  let running = true;
  const inSecond = new Map<number, number>();
  const loops = [1, 2].map(async () => {
    while (running) {
      await sql`select from retention_policy limit 1`;
      const second = Math.floor(Date.now() / 1_000);
      inSecond.set(second, (inSecond.get(second) ?? 0) + 1);
    }
  });
  return async () => {
    running = false;
    await Promise.all(loops);
    await sql.end({ timeout: 1 });
    return Math.max(...inSecond.values());
  };
}
