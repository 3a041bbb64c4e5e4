import { randomUUID } from "node:crypto";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

/** A row of a request for a second person, as `requestApproval` leaves it. @returns its id */
export async function addApproval(
  { db }: ConsoleDb,
  given: Partial<typeof schema.approval.$inferInsert> = {},
): Promise<string> {
  const id = given.id ?? uuidV7(Date.now());
  await db.insert(schema.approval).values({
    id,
    action: "test.destroy",
    input: {},
    digest: "0".repeat(64),
    approverRole: "admin",
    requestedBy: randomUUID(),
    requestedByName: "ada@example.test",
    expiresAt: new Date(Date.now() + 86_400_000),
    ...given,
  });
  return id;
}
