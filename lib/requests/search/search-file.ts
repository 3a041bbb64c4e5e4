import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { nothingFound, type SearchFound } from "./steps.ts";

/** A line without an end is looked at in pieces that overlap by more than an identifier is long. */
const longestLine = 1024 * 1024;
const keptChars = 8_192;

/** A file of text, also one that gzip or zstd packed, in flat memory; found are its lines. */
export async function searchFile(
  path: string,
  key: string,
  matches: (text: string) => boolean,
): Promise<SearchFound> {
  const found: SearchFound = { ...structuredClone(nothingFound), key };
  if (path.endsWith(".parquet"))
    return { ...found, problem: "it is Parquet, which is packed by column: convert it to look into it" };
  const file = createReadStream(path);
  const unpack = unpackerOf(path);
  const bytes = unpack ? pipeline(file, unpack, () => {}) : file;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of bytes as AsyncIterable<Buffer>) {
    found.looked += piece.length;
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    found.found += lines.filter(matches).length;
    if (rest.length < longestLine) continue;
    if (matches(rest)) found.found++;
    rest = rest.slice(-keptChars);
  }
  if (matches(rest)) found.found++;
  return found;
}

function unpackerOf(path: string) {
  if (path.endsWith(".gz")) return createGunzip();
  return path.endsWith(".zst") ? createZstdDecompress() : undefined;
}
