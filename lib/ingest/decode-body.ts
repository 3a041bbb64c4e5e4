import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { AppError } from "../errors.ts";

export interface BodyLimits {
  /** Bytes as they come over the wire. */
  maxEncodedBytes: number;
  /** Bytes after decompression: a small body may unpack to a great one. */
  maxDecodedBytes: number;
}

/**
 * A request's body, unpacked by its Content-Encoding (identity, gzip, zstd), as text. Ends with an error where it
 * grows beyond a limit, is cut short or is not UTF-8.
 * @throws AppError (also while reading) BAD_INPUT for a bad encoding, TOO_LARGE
 */
export async function* decodeBody(
  body: ReadableStream<Uint8Array> | Readable,
  encoding: string | null,
  limits: BodyLimits,
): AsyncGenerator<string> {
  const source = body instanceof Readable ? body : Readable.fromWeb(body);
  const decoded = limitBytes(limits.maxDecodedBytes, "unpacked");
  const unpack = decompressor(encoding);
  const encoded = limitBytes(limits.maxEncodedBytes, "sent");
  const flow = unpack ? pipeline(source, encoded, unpack, decoded) : pipeline(source, encoded, decoded);
  // The failure reaches the reader through the stream itself.
  flow.catch(() => {});
  // Fatal: a replaced byte would be another event than the one that was sent.
  const text = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of decoded) {
      const piece = text.decode(chunk as Uint8Array, { stream: true });
      if (piece) yield piece;
    }
    const last = text.decode();
    if (last) yield last;
  } catch (thrown) {
    throw explain(thrown);
  } finally {
    source.destroy();
  }
}

function decompressor(encoding: string | null) {
  const name = encoding?.trim().toLowerCase() || "identity";
  if (name === "identity") return null;
  if (name === "gzip" || name === "x-gzip") return createGunzip();
  if (name === "zstd") return createZstdDecompress();
  throw new AppError("BAD_INPUT", `The Content-Encoding "${name.slice(0, 40)}" is not known here.`, {
    hint: "Send the body plain, as gzip or as zstd.",
  });
}

function limitBytes(maxBytes: number, what: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= maxBytes) return done(null, chunk);
      const megabytes = Math.floor(maxBytes / 1_000_000);
      done(
        new AppError("TOO_LARGE", `The body is larger than ${megabytes} MB ${what}.`, {
          hint: "Send it in several requests.",
        }),
      );
    },
  });
}

function explain(thrown: unknown): unknown {
  if (thrown instanceof AppError) return thrown;
  const { code } = thrown as { code?: string };
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA")
    return new AppError("BAD_INPUT", "The body is not UTF-8.", { cause: thrown });
  if (code?.startsWith("Z_") || code?.startsWith("ZSTD_"))
    return new AppError("BAD_INPUT", "The body is damaged or cut short: it cannot be unpacked.", {
      cause: thrown,
    });
  // Nothing else stands between us and the sender.
  return new AppError("BAD_INPUT", "The body ended before it was complete.", { cause: thrown });
}
