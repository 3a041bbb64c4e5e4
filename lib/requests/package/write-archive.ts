import { createHash } from "node:crypto";
import { ReadableStream } from "node:stream/web";
import { ZipWriter } from "@zip.js/zip.js";
import { schema } from "../../db/schema.ts";
import type { JobContext } from "../../jobs/define-job.ts";
import type { RequestKey } from "../sealed.ts";
import { type Collected, jsonEnd } from "./collect.ts";
import { deflateEnd } from "./deflate-part.ts";
import { csvHeader } from "./event-record.ts";
import { checksums, fileNames, fileOf, type PackageFile } from "./files.ts";
import { deletePieces, pieceBytes, readCsvPage, readJsonPage } from "./stored-pieces.ts";

const aes256 = 3;
const deflated = 8;

export type ArchiveContext = Pick<JobContext, "console" | "signal" | "write">;

export interface ArchiveInput {
  packageId: string;
  key: RequestKey;
  passphrase: string;
  kind: "access" | "portability";
  collected: Collected;
  /** Whole files that stand before the events. */
  documents: readonly { name: string; content: Buffer }[];
  at: Date;
}

export interface WrittenArchive {
  bytes: number;
  pieces: number;
  sha256: string;
  files: PackageFile[];
}

/**
 * Makes the encrypted archive (ZIP, AES-256) out of what was collected, a piece at a time, and keeps its pieces. What an
 * earlier attempt had kept of it is deleted first: it begins anew, with salts of its own.
 */
export async function writeArchive(context: ArchiveContext, input: ArchiveInput): Promise<WrittenArchive> {
  const { packageId, kind, collected, documents, passphrase, at } = input;
  await context.write((tx) => deletePieces(tx, packageId, "archive"));
  const pieces = keepPieces(context, packageId);
  const zip = new ZipWriter(pieces.writable, {
    password: passphrase,
    encryptionStrength: aes256,
    useWebWorkers: false,
    lastModDate: at,
  });
  const files = [
    ...documents.map(({ name, content }) => fileOf(name, content)),
    { name: fileNames.json, ...collected.files.json },
    { name: fileNames.csv, ...collected.files.csv },
  ];
  for (const { name, content } of documents) await zip.add(name, streamOf([content]));
  const empty = collected.head.events === 0;
  const json = empty ? `[${jsonEnd}` : jsonEnd;
  const csv = empty ? csvHeader(kind) : "";
  const page = (n: number) => readJsonPage(context.console.db, input.key, packageId, n);
  await zip.add(
    fileNames.json,
    streamOf(pagesOf(context, async (n) => (await page(n))?.compressed ?? null, json)),
    compressedAs(collected.files.json.bytes),
  );
  await zip.add(
    fileNames.csv,
    streamOf(pagesOf(context, (n) => readCsvPage(context.console.db, input.key, packageId, n), csv)),
    compressedAs(collected.files.csv.bytes),
  );
  await zip.add(fileNames.checksums, streamOf([checksums(files)]));
  await zip.close();
  return { ...pieces.sum(), files };
}

/** Pages are compressed already: the archive only encrypts them. */
const compressedAs = (uncompressedSize: number) =>
  ({ passThrough: "compressed", compressionMethod: deflated, uncompressedSize }) as const;

async function* pagesOf(
  { signal }: ArchiveContext,
  read: (page: number) => Promise<Buffer | null>,
  end: string,
): AsyncGenerator<Buffer> {
  for (let page = 0; ; page++) {
    signal.throwIfAborted();
    const compressed = await read(page);
    if (!compressed) break;
    yield compressed;
  }
  yield await deflateEnd(Buffer.from(end));
}

function streamOf(pieces: Iterable<Buffer> | AsyncIterable<Buffer>) {
  return ReadableStream.from<Uint8Array>(pieces) as unknown as globalThis.ReadableStream<Uint8Array>;
}

/** Takes an archive as it is made and keeps it in pieces of one size, the last one shorter. */
function keepPieces(context: ArchiveContext, packageId: string) {
  const { packagePiece } = schema;
  const hash = createHash("sha256");
  let room = Buffer.alloc(pieceBytes);
  let [filled, n, bytes] = [0, 0, 0];
  const keep = async () => {
    const content = room.subarray(0, filled);
    hash.update(content);
    bytes += filled;
    await context.write((tx) => tx.insert(packagePiece).values({ packageId, kind: "archive", n, content }));
    room = Buffer.alloc(pieceBytes);
    [filled, n] = [0, n + 1];
  };
  const writable = new WritableStream<Uint8Array>({
    async write(chunk) {
      context.signal.throwIfAborted();
      for (let at = 0; at < chunk.length; ) {
        const taken = Math.min(chunk.length - at, pieceBytes - filled);
        room.set(chunk.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        if (filled === pieceBytes) await keep();
      }
    },
    async close() {
      if (filled > 0) await keep();
    },
  });
  return { writable, sum: () => ({ bytes, pieces: n, sha256: hash.digest("hex") }) };
}
