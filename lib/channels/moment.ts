import type { ConsoleDb } from "../db/console-db.ts";

/** Now, by the console database's clock: workers whose own differ agree on what is due. A test may give another. */
export async function momentOf(given: {
  console: Pick<ConsoleDb, "sql">;
  clock?: (() => Date) | undefined;
}): Promise<Date> {
  if (given.clock) return given.clock();
  const [row] = await given.console.sql<{ now: Date }[]>`select clock_timestamp() as now`;
  return row?.now ?? new Date();
}
