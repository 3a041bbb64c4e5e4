import { createHash } from "node:crypto";
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import type { ConsoleDb } from "../../db/console-db.ts";
import { AppError } from "../../errors.ts";
import { readArchivePieces } from "./archive-pieces.ts";
import { checksums, fileNames, type PackageFile } from "./files.ts";
import { pieceBytes } from "./stored-pieces.ts";

export interface VerifyInput {
  packageId: string;
  passphrase: string;
  bytes: number;
  sha256: string;
  files: readonly PackageFile[];
}

/**
 * Reads a stored archive again as whoever receives it will: its own sum, then each file opened with the passphrase and
 * compared with what was collected, and the sums that it states of itself.
 * @throws AppError CONFLICT with what differs, in words without personal data
 */
export async function verifyArchive(
  console: ConsoleDb,
  { packageId, passphrase, bytes, sha256, files }: VerifyInput,
  signal: AbortSignal,
): Promise<void> {
  const differs = (what: string) => new AppError("CONFLICT", `The package as it is stored differs: ${what}.`);
  const whole = createHash("sha256");
  const pieces = Math.ceil(bytes / pieceBytes);
  for (let n = 0; n < pieces; n++) {
    signal.throwIfAborted();
    const [piece] = await readArchivePieces(console.db, packageId, n, 1);
    if (!piece) throw differs(`piece ${n} of ${pieces} is not there`);
    whole.update(piece.content);
  }
  if (whole.digest("hex") !== sha256) throw differs("its own sum");
  const zip = new ZipReader(new StoredArchive(console, packageId, bytes), { useWebWorkers: false });
  const stated = { name: fileNames.checksums, content: checksums(files) };
  const expected = [...files.map(({ name }) => name), stated.name];
  const entries = (await zip.getEntries()).filter((entry): entry is FileEntry => !entry.directory);
  if (entries.map(({ filename }) => filename).join() !== expected.join()) throw differs("its list of files");
  for (const entry of entries) {
    signal.throwIfAborted();
    const found = await sumOf(entry, passphrase, signal);
    const told =
      entry.filename === stated.name
        ? createHash("sha256").update(stated.content).digest("hex")
        : files.find(({ name }) => name === entry.filename)?.sha256;
    if (found !== told) throw differs(entry.filename);
  }
  await zip.close();
}

/** Decrypted and checked by the library, inflated by Node itself, which does that beside. */
async function sumOf(entry: FileEntry, password: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const inflated = createInflateRaw({ chunkSize: 256 * 1024 }).on("data", (text: Buffer) =>
    hash.update(text),
  );
  const ended = finished(inflated);
  ended.catch(() => {});
  const sink = Writable.toWeb(inflated) as WritableStream<Uint8Array>;
  await entry.getData(sink, { password, signal, useWebWorkers: false, passThrough: "compressed" });
  await ended;
  return hash.digest("hex");
}

/** An archive in the console's database, read where it is asked for. */
class StoredArchive extends Reader<void> {
  private held: { n: number; content: Buffer } | undefined;
  private readonly console: ConsoleDb;
  private readonly packageId: string;

  constructor(console: ConsoleDb, packageId: string, bytes: number) {
    super();
    this.console = console;
    this.packageId = packageId;
    this.size = bytes;
  }

  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    const out = new Uint8Array(Math.max(0, end - offset));
    for (let at = offset; at < end; ) {
      const n = Math.floor(at / pieceBytes);
      if (this.held?.n !== n) [this.held] = await readArchivePieces(this.console.db, this.packageId, n, 1);
      const within = at - n * pieceBytes;
      const part = this.held?.content.subarray(within, within + end - at) ?? new Uint8Array();
      if (part.length === 0) throw new AppError("CONFLICT", `Piece ${n} of the package is not there.`);
      out.set(part, at - offset);
      at += part.length;
    }
    return out;
  }
}
