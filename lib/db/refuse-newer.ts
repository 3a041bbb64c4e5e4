import { AppError } from "../errors.ts";
import type { ConsoleDb } from "./console-db.ts";
import { assertSchemaKnown } from "./schema-version.ts";

const againMs = 2_000;

/**
 * For a process that starts: ends it by `refuse` when a newer version of this program has changed the console
 * database. While the database cannot be used the process goes on, and the question is put again until it answers.
 */
export async function refuseNewer(
  { sql }: Pick<ConsoleDb, "sql">,
  refuse: (error: AppError) => void,
): Promise<void> {
  try {
    await assertSchemaKnown(sql);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "CONFLICT") return refuse(thrown);
    setTimeout(() => void refuseNewer({ sql }, refuse), againMs).unref();
  }
}
