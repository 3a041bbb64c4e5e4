import { and, eq, gte } from "drizzle-orm";
import type { Queryable, Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import type { RequestKey } from "../sealed.ts";
import { type PageHead, pageHead } from "./page-head.ts";
import { type PackagePlan, packagePlan } from "./plan.ts";

// What was collected stands as pieces of kind `part`: 0 the plan, then in turns a piece of JSON and one of CSV for each
// page of rows. All are sealed under the request's key, and compressed before that as the archive needs them: raw deflate
// that ends at a whole byte, so that the pieces one after the other are one stream.

export type PartFormat = "json" | "csv";
const formats: readonly PartFormat[] = ["json", "csv"];

/** A megabyte: a row of the console's database, and what a download holds in memory at once. */
export const pieceBytes = 1024 * 1024;

const { packagePiece } = schema;
const placeOf = (packageId: string, n: number) => `package/${packageId}/part/${n}`;
const numberOf = (page: number, format: PartFormat) => 1 + page * formats.length + formats.indexOf(format);

/** Keeps what a package is made of, and its first piece by that. */
export async function writePlan(
  tx: Tx,
  key: RequestKey,
  packageId: string,
  plan: PackagePlan,
): Promise<void> {
  const content = key.seal(placeOf(packageId, 0), Buffer.from(JSON.stringify(plan)));
  await tx.insert(packagePiece).values({ packageId, kind: "part", n: 0, content });
}

/** @throws AppError NOT_FOUND */
export async function readPlan(db: Queryable, key: RequestKey, packageId: string): Promise<PackagePlan> {
  const content = await readPiece(db, packageId, 0);
  if (!content) throw new AppError("NOT_FOUND", "What this package is made of is gone.");
  return packagePlan.parse(JSON.parse(key.open(placeOf(packageId, 0), content).toString()));
}

/** Keeps a page: both of its pieces or neither. @param head stands in front of the JSON's */
export async function writePage(
  tx: Tx,
  key: RequestKey,
  packageId: string,
  page: number,
  { head, json, csv }: { head: PageHead; json: Buffer; csv: Buffer },
): Promise<void> {
  const said = Buffer.from(`${JSON.stringify(head)}\n`);
  const pieces = formats.map((format) => {
    const n = numberOf(page, format);
    const bytes = format === "json" ? Buffer.concat([said, json]) : csv;
    return { packageId, kind: "part" as const, n, content: key.seal(placeOf(packageId, n), bytes) };
  });
  await tx.insert(packagePiece).values(pieces);
}

export interface StoredPage {
  head: PageHead;
  compressed: Buffer;
}

/**
 * A page that an earlier attempt kept, to go on behind it; null behind the last one, and where a piece of it is missing or does
 * not open: from there on it is collected again.
 */
export async function readKeptPage(
  db: Queryable,
  key: RequestKey,
  packageId: string,
  page: number,
): Promise<{ json: StoredPage; csv: Buffer } | null> {
  const tryPiece = async (format: PartFormat) => {
    const n = numberOf(page, format);
    const sealed = await readPiece(db, packageId, n);
    return sealed && key.tryOpen(placeOf(packageId, n), sealed);
  };
  const [json, csv] = await Promise.all(formats.map(tryPiece));
  return json && csv ? { json: storedPage(json), csv } : null;
}

/** Deletes what was collected from a page on. */
export async function deletePagesFrom(db: Queryable, packageId: string, page: number): Promise<void> {
  await db
    .delete(packagePiece)
    .where(
      and(
        eq(packagePiece.packageId, packageId),
        eq(packagePiece.kind, "part"),
        gte(packagePiece.n, numberOf(page, "json")),
      ),
    );
}

/** A page's JSON with what it says, or null behind the last one. */
export async function readJsonPage(
  db: Queryable,
  key: RequestKey,
  packageId: string,
  page: number,
): Promise<StoredPage | null> {
  const bytes = await openPiece(db, key, packageId, numberOf(page, "json"));
  return bytes && storedPage(bytes);
}

function storedPage(bytes: Buffer): StoredPage {
  const end = bytes.indexOf(10);
  return {
    head: pageHead.parse(JSON.parse(bytes.subarray(0, end).toString())),
    compressed: bytes.subarray(end + 1),
  };
}

/** A page's CSV, compressed; null behind the last one. */
export function readCsvPage(
  db: Queryable,
  key: RequestKey,
  packageId: string,
  page: number,
): Promise<Buffer | null> {
  return openPiece(db, key, packageId, numberOf(page, "csv"));
}

async function openPiece(
  db: Queryable,
  key: RequestKey,
  packageId: string,
  n: number,
): Promise<Buffer | null> {
  const content = await readPiece(db, packageId, n);
  return content && key.open(placeOf(packageId, n), content);
}

async function readPiece(db: Queryable, packageId: string, n: number): Promise<Buffer | null> {
  const [piece] = await db
    .select({ content: packagePiece.content })
    .from(packagePiece)
    .where(and(eq(packagePiece.packageId, packageId), eq(packagePiece.kind, "part"), eq(packagePiece.n, n)));
  return piece?.content ?? null;
}

/** Deletes pieces of a kind, or all of them. @returns how many */
export async function deletePieces(
  db: Queryable,
  packageId: string,
  kind?: "part" | "archive",
): Promise<number> {
  const { count } = await db
    .delete(packagePiece)
    .where(and(eq(packagePiece.packageId, packageId), ...(kind ? [eq(packagePiece.kind, kind)] : [])));
  return count;
}
