import { desc, eq } from "drizzle-orm";
import type { Queryable, Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import type { RequestRow } from "../read-request.ts";

export type PackageRow = typeof schema.requestPackage.$inferSelect;

/** The newest package of a request; undefined before there was one. */
export async function findPackage(
  db: Queryable,
  { id }: Pick<RequestRow, "id">,
): Promise<PackageRow | undefined> {
  const { requestPackage } = schema;
  const [row] = await db
    .select()
    .from(requestPackage)
    .where(eq(requestPackage.requestId, id))
    .orderBy(desc(requestPackage.beganAt), desc(requestPackage.id))
    .limit(1);
  return row;
}

/**
 * The package that may be handed out, locked until the caller's transaction ends.
 * @throws AppError CONFLICT when there is none, or its request is not to be answered yet
 */
export async function requireReady(tx: Tx, request: RequestRow): Promise<PackageRow> {
  const { requestPackage } = schema;
  const { number, state } = request;
  const found = await findPackage(tx, request);
  const [row] = found
    ? await tx.select().from(requestPackage).where(eq(requestPackage.id, found.id)).for("update")
    : [];
  if (row?.state === "ready" && (state === "responding" || state === "closed")) return row;
  throw new AppError("CONFLICT", `Request #${number} has no package to hand out: ${whyNot(row, state)}`, {
    // None is made for a request that is closed.
    ...(state === "responding" &&
      (row?.state === "downloaded" || row?.state === "expired") && {
        hint: "Have it made again (remakePackage).",
      }),
  });
}

function whyNot(row: PackageRow | undefined, state: string): string {
  if (!row) return `it is ${state}, and none was made.`;
  if (row.state === "downloaded") return "it was downloaded, once, and deleted.";
  if (row.state === "expired") return "it was deleted.";
  return row.state === "ready" ? `it is ${state}.` : `it is ${row.state}.`;
}
