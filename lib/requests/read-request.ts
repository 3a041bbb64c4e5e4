import { and, eq, sql } from "drizzle-orm";
import type { Queryable, Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { openMasterKeys } from "../key-store/open-master-keys.ts";
import { changedMeanwhile } from "./changed-meanwhile.ts";
import { openPerson, openRequestKey, type RequestKey, type RequestPerson } from "./sealed.ts";

export type RequestRow = typeof schema.privacyRequest.$inferSelect;

/** A request by its number or id. @throws AppError NOT_FOUND */
export async function requireRequest(db: Queryable, request: number | string): Promise<RequestRow> {
  const { privacyRequest } = schema;
  const [row] = await db
    .select()
    .from(privacyRequest)
    .where(typeof request === "number" ? eq(privacyRequest.number, request) : eq(privacyRequest.id, request));
  if (row) return row;
  throw new AppError(
    "NOT_FOUND",
    `There is no request ${typeof request === "number" ? `#${request}` : request}.`,
  );
}

/** The same, kept from changing until the transaction ends: for whoever moves it on without having been shown it. */
export async function lockRequest(tx: Tx, id: string): Promise<RequestRow> {
  await tx.execute(sql`select from privacy_request where id = ${id} for update`);
  return requireRequest(tx, id);
}

/** Changes a request if it is still what was read of it. @throws AppError CONFLICT with who changed it meanwhile, and when */
export async function updateRequest(tx: Tx, read: RequestRow, set: Partial<RequestRow>): Promise<RequestRow> {
  const { privacyRequest } = schema;
  const [row] = await tx
    .update(privacyRequest)
    .set({ ...set, version: read.version + 1 })
    .where(
      and(
        eq(privacyRequest.id, read.id),
        eq(privacyRequest.version, read.version),
        eq(privacyRequest.state, read.state),
      ),
    )
    .returning();
  if (row) return row;
  throw await changedMeanwhile(tx, read);
}

/**
 * Who asks, for as long as `work` takes; the key is forgotten after it.
 * @throws AppError NOT_FOUND once the request's personal data was destroyed
 */
export async function withRequestPerson<T>(
  db: Queryable,
  { id, number, sealed }: Pick<RequestRow, "id" | "number" | "sealed">,
  work: (person: RequestPerson, key: RequestKey) => Promise<T>,
): Promise<T> {
  if (sealed === null)
    throw new AppError("NOT_FOUND", `What request #${number} said of the person was destroyed on its date.`);
  const key = await openRequestKey(db, openMasterKeys(), id);
  try {
    return await work(openPerson(key, sealed), key);
  } finally {
    key.forget();
  }
}
