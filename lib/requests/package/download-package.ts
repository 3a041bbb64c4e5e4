import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { eq } from "drizzle-orm";
import type { Actor } from "../../auth/actor.ts";
import type { ConsoleDb, Tx } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { writeRequestEvent } from "../move-request.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import { readArchivePieces } from "./archive-pieces.ts";
import { linkDigest } from "./create-package-link.ts";
import { findPackage, type PackageRow } from "./find-package.ts";
import { purgePackage } from "./purge-package.ts";
import { pieceBytes } from "./stored-pieces.ts";

export interface PackageDownload {
  request: RequestRow;
  pack: PackageRow;
  secret: string;
}

/** The last piece is taken within this, or the download does not count: its row is locked meanwhile. */
const lastPieceMs = 30_000;

/**
 * What a link leads to. @throws AppError NOT_FOUND when there is no such request, or the link is not its, was used or is over: in
 * the same words, so that nobody learns which
 */
export async function openDownload(
  { db }: Pick<ConsoleDb, "db">,
  number: number,
  secret: string,
  now: Date,
): Promise<PackageDownload> {
  const request = await requireRequest(db, number).catch(() => undefined);
  const pack = request && (await findPackage(db, request));
  if (!request || !pack || !isGood(pack, secret, now)) throw noSuchLink();
  return { request, pack, secret };
}

function isGood({ state, linkDigest: digest, linkUntil }: PackageRow, secret: string, now: Date): boolean {
  if (state !== "ready" || !digest || !linkUntil || linkUntil <= now) return false;
  return timingSafeEqual(digest, linkDigest(secret));
}

/**
 * Writes a package to `out`, in flat memory, and ends it. It counts as downloaded when its last byte was taken: then, in the
 * transaction in which that last piece is handed out, its pieces are deleted, so that of two who use a link at once one
 * alone gets the whole. What breaks off before does not count, and the link may be used again until its time is over.
 * @throws AppError NOT_FOUND when somebody else was faster; the signal's reason; what `out` failed with
 */
export async function sendPackage(
  { console, actor, auditTargets }: { console: ConsoleDb; actor: Actor; auditTargets: readonly string[] },
  { request, pack, secret }: PackageDownload,
  out: Writable,
  signal: AbortSignal,
): Promise<void> {
  const last = Math.ceil(pack.bytes / pieceBytes) - 1;
  for (let n = 0; n < last; n++) await writePiece(out, await pieceOf(console.db, pack.id, n), signal);
  await console.db.transaction(async (tx) => {
    const { requestPackage } = schema;
    const [row] = await tx.select().from(requestPackage).where(eq(requestPackage.id, pack.id)).for("update");
    const now = new Date();
    if (!row || !isGood(row, secret, now)) throw noSuchLink();
    const soon = AbortSignal.any([signal, AbortSignal.timeout(lastPieceMs)]);
    await writePiece(out, await pieceOf(tx, pack.id, last), soon);
    await countDownload(tx, { request, row, actor, auditTargets, now });
  });
  out.end();
}

async function countDownload(
  tx: Tx,
  told: {
    request: RequestRow;
    row: PackageRow;
    actor: Actor;
    auditTargets: readonly string[];
    now: Date;
  },
): Promise<void> {
  const { request, row, actor, auditTargets, now } = told;
  const facts = { package: row.id, bytes: row.bytes, sha256: row.sha256 };
  await writeRequestEvent(tx, request, { kind: "package_downloaded", actor, now, facts });
  // Behind it on the timeline, which is in the order of time.
  await purgePackage(tx, row, { why: "downloaded", actor, now: new Date(now.getTime() + 1) });
  const object = { type: "request", id: String(request.number) };
  const entry = { actor, action: "request.download_package", outcome: "success", object, facts } as const;
  await recordActivity(tx, entry, auditTargets, now);
}

async function pieceOf(db: Pick<Tx, "select">, packageId: string, n: number): Promise<Buffer> {
  const [piece] = await readArchivePieces(db as Tx, packageId, n, 1);
  if (piece) return piece.content;
  throw noSuchLink();
}

/** Resolves when `out` has handed it on. */
async function writePiece(out: Writable, piece: Buffer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const written = new Promise<void>((resolve, reject) => {
    out.write(piece, (error) => (error ? reject(error) : resolve()));
  });
  written.catch(() => {});
  const stopped = new AbortController();
  try {
    await Promise.race([
      written,
      once(signal, "abort", { signal: stopped.signal }).then(() => signal.throwIfAborted()),
      once(out, "close", { signal: stopped.signal }).then(() => {
        throw new Error("whoever downloaded went away");
      }),
    ]);
  } finally {
    stopped.abort();
  }
}

function noSuchLink(): AppError {
  return new AppError("NOT_FOUND", "This link leads to no package: it was used, or its time is over.", {
    hint: "Create a new one on the request's page, or have the package made again.",
  });
}
