import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from "node:zlib";
import { AppError } from "../errors.ts";

type Decompressor = Gunzip | ZstdDecompress;

/**
 * Bytes without their packing (identity, gzip, zstd). Both formats may hold several members one after another
 * (RFC 1952 §2.2, RFC 8878 §3.1); all are read. Node's streams stop at the end of the first zstd frame, and leave
 * zeros behind a gzip member unread, without an error: so each member has a decompressor of its own, and what it
 * did not take begins the next.
 * @throws AppError (while reading) BAD_INPUT for an unknown encoding, for packing that is damaged, cut short or followed
 * by anything else
 */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  encoding: string | null,
): AsyncGenerator<Uint8Array> {
  const open = decompressorOf(encoding);
  if (!open) return yield* packed;
  const chunks = packed[Symbol.asyncIterator]();
  try {
    let rest: Uint8Array | undefined;
    do {
      const member = open();
      // What the sender's stream throws reaches the reader through the member.
      const feeding = feed(member, rest, chunks).catch((reason: unknown) => {
        member.destroy(reason as Error);
        return undefined;
      });
      for await (const chunk of member) yield chunk as Uint8Array;
      rest = await feeding;
    } while (rest);
  } catch (thrown) {
    throw explain(thrown);
  } finally {
    // Not awaited: it ends after the piece under way, and a sender may wait for our answer before it sends that.
    chunks.return?.().catch(() => {});
  }
}

/** Gives a member its bytes until it has ended or nothing is left; answers what belongs to the next one. */
async function feed(
  member: Decompressor,
  begin: Uint8Array | undefined,
  chunks: AsyncIterator<Uint8Array>,
): Promise<Uint8Array | undefined> {
  let given = 0;
  let chunk = begin;
  for (;;) {
    if (!chunk) {
      const next = await chunks.next();
      if (next.done) break;
      chunk = next.value;
    }
    await write(member, chunk);
    given += chunk.length;
    const left = given - member.bytesWritten;
    if (member.destroyed) return undefined;
    if (left > 0) return chunk.subarray(chunk.length - left);
    chunk = undefined;
  }
  member.end();
  return undefined;
}

function write(member: Decompressor, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // A reader that stops early destroys the member; a write that waits for room is then never called back.
    const closed = () => resolve();
    member.once("close", closed);
    member.write(chunk, (error) => {
      member.off("close", closed);
      if (error) reject(error);
      else resolve();
    });
  });
}

function decompressorOf(encoding: string | null): (() => Decompressor) | null {
  const name = encoding?.trim().toLowerCase() || "identity";
  if (name === "identity") return null;
  if (name === "gzip" || name === "x-gzip") return createGunzip;
  if (name === "zstd") return createZstdDecompress;
  throw new AppError("BAD_INPUT", `The Content-Encoding "${name.slice(0, 40)}" is not known here.`, {
    hint: "Send the body plain, as gzip or as zstd.",
  });
}

function explain(thrown: unknown): unknown {
  const { code } = thrown as { code?: string };
  if (!code?.startsWith("Z_") && !code?.startsWith("ZSTD_")) return thrown;
  return new AppError(
    "BAD_INPUT",
    "The body cannot be unpacked: it is damaged, cut short, or followed by something else.",
    { cause: thrown },
  );
}
