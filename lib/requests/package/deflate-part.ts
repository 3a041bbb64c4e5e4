import { promisify } from "node:util";
import { constants, deflateRaw, inflateRawSync } from "node:zlib";

const deflate = promisify(deflateRaw);
/** Fast: a higher one would make a little less of it in several times the time. */
const level = 1;
/** What is made comes in a few pieces, not in hundreds of 16 kB. */
const chunkSize = 512 * 1024;

/** Compressed so that another piece may follow. */
export const deflatePart = (texts: readonly Buffer[]): Promise<Buffer> =>
  deflate(Buffer.concat(texts), { level, chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
/** Compressed as the end of a stream. */
export const deflateEnd = (text: Buffer): Promise<Buffer> => deflate(text, { level });
/** @param compressed of `deflatePart` */
export const inflatePart = (compressed: Buffer): Buffer =>
  inflateRawSync(compressed, { chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
