import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../errors.ts";
import { unpack } from "./unpack.ts";

export interface BodyLimits {
  /** Bytes as they come over the wire. */
  maxEncodedBytes: number;
  /** Bytes after decompression: a small body may unpack to a great one. */
  maxDecodedBytes: number;
  /**
   * Beyond 16 MiB a body may unpack to so many times its size: 26 kB of zstd that became 500 MB of lines, none of
   * them an event, took 10 s of CPU. Audit events pack to a fifth or a thirtieth.
   */
  maxRatio?: number;
}

const unpackedFreely = 16 * 1_048_576;

/** What a request's head says of its body. */
export interface BodyHead {
  /** Content-Encoding: identity, gzip or zstd. */
  encoding?: string | null;
  /** Content-Length; a chunked body has none. */
  length?: string | null;
}

/** A body as text, and how much of it was read. */
export interface DecodedBody extends AsyncIterable<string> {
  /** As they came over the wire; all of the body's once the text is read to its end. */
  readonly bytes: number;
  /** Whether the connection broke off: nobody will hear the answer. */
  readonly aborted: boolean;
  /**
   * Takes what is left of a body that was not read to its end, for as long as it comes, so that its sender gets the
   * answer: a connection closed over unread bytes is reset, and the answer lost with it. Never throws.
   */
  discard(): Promise<void>;
}

const discarded = { maxBytes: 134_217_728, longestMs: 30_000, longestPauseMs: 2_000 };

/**
 * A request's body, unpacked, as text, to be read once. Ends with an error where it grows beyond a limit, is cut
 * short (of its Content-Length, its last chunk or its packing), goes on behind its packing, or is not UTF-8.
 * @throws AppError (while reading) BAD_INPUT, TOO_LARGE
 */
export function decodeBody(
  body: AsyncIterable<Uint8Array>,
  { encoding = null, length = null }: BodyHead,
  limits: BodyLimits,
): DecodedBody {
  let bytes = 0;
  let ended = false;
  let aborted = false;
  const chunks = body[Symbol.asyncIterator]();
  const next = () =>
    chunks.next().then(
      (result) => {
        ended ||= result.done === true;
        return result;
      },
      (cause: unknown) => {
        ended = true;
        aborted = true;
        // Nothing else stands between us and the sender.
        const message = `The body ended after ${bytes} bytes, before it was complete.`;
        throw new AppError("BAD_INPUT", message, { cause });
      },
    );
  async function* sent(): AsyncGenerator<Uint8Array> {
    for (let chunk = await next(); !chunk.done; chunk = await next()) {
      bytes += chunk.value.length;
      assertSize(bytes, limits.maxEncodedBytes, "sent");
      yield chunk.value;
    }
    // Whatever stands between may shorten a body and end it in good order, as a proxy that copies its beginning does.
    if (length !== null && Number(length) !== bytes)
      throw new AppError(
        "BAD_INPUT",
        `The body ended after ${bytes} bytes; its Content-Length says ${length.slice(0, 20)}.`,
      );
  }
  async function* read(): AsyncGenerator<string> {
    // Fatal: a replaced byte would be another event than the one that was sent.
    const text = new TextDecoder("utf-8", { fatal: true });
    let decodedBytes = 0;
    try {
      for await (const chunk of unpack(sent(), encoding)) {
        decodedBytes += chunk.length;
        assertSize(decodedBytes, limits.maxDecodedBytes, "unpacked");
        assertRatio(decodedBytes, bytes, limits.maxRatio);
        const piece = text.decode(chunk, { stream: true });
        if (piece) yield piece;
      }
      const last = text.decode();
      if (last) yield last;
    } catch (thrown) {
      if ((thrown as { code?: string }).code !== "ERR_ENCODING_INVALID_ENCODED_DATA") throw thrown;
      throw new AppError("BAD_INPUT", "The body is not UTF-8.", { cause: thrown });
    }
  }
  async function discard(): Promise<void> {
    const until = Date.now() + discarded.longestMs;
    let left = discarded.maxBytes;
    while (!ended && left > 0 && Date.now() < until) {
      const pause = new AbortController();
      const idle = delay(discarded.longestPauseMs, undefined, { signal: pause.signal }).catch(() => {});
      const chunk = await Promise.race([next().catch(() => {}), idle]);
      pause.abort();
      if (!chunk || chunk.done) break;
      left -= chunk.value.length;
    }
    if (!ended) chunks.return?.().catch(() => {});
  }
  return {
    get bytes() {
      return bytes;
    },
    get aborted() {
      return aborted;
    },
    discard,
    [Symbol.asyncIterator]: read,
  };
}

function assertRatio(decodedBytes: number, bytes: number, maxRatio = Number.POSITIVE_INFINITY): void {
  if (decodedBytes <= unpackedFreely || decodedBytes <= bytes * maxRatio) return;
  throw new AppError("TOO_LARGE", `The body unpacks to more than ${maxRatio} times its size.`, {
    hint: "Send it in several requests, or plain.",
  });
}

function assertSize(bytes: number, maxBytes: number, what: string): void {
  if (bytes <= maxBytes) return;
  const limit = maxBytes < 1_048_576 ? `${maxBytes / 1_024} KiB` : `${maxBytes / 1_048_576} MiB`;
  throw new AppError("TOO_LARGE", `The body is larger than ${limit} ${what}.`, {
    hint: "Send it in several requests.",
  });
}
