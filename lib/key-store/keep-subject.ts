import { sql } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { AppError } from "../errors.ts";

/** Keeps a subject until the transaction ends. @throws AppError CONFLICT when it went with its last key meanwhile */
export async function keepSubject(tx: Tx, subject: string): Promise<void> {
  const found = await tx.execute(sql`select from vault.subject where id = ${subject} for key share`);
  if (found.length === 0)
    throw new AppError(
      "CONFLICT",
      "The person's last key was destroyed just now: the console knew nobody else by it.",
      {
        hint: "Try again; then it is about what is to come of theirs.",
      },
    );
}
