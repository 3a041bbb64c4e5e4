import { and, asc, eq, gte, lt } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

const { packagePiece } = schema;

/** Pieces of the finished archive in order, from one on. */
export async function readArchivePieces(
  db: Queryable,
  packageId: string,
  from: number,
  count: number,
): Promise<{ n: number; content: Buffer }[]> {
  return db
    .select({ n: packagePiece.n, content: packagePiece.content })
    .from(packagePiece)
    .where(
      and(
        eq(packagePiece.packageId, packageId),
        eq(packagePiece.kind, "archive"),
        gte(packagePiece.n, from),
        lt(packagePiece.n, from + count),
      ),
    )
    .orderBy(asc(packagePiece.n));
}
