import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeBody } from "./decode-body.ts";

const limits = { maxEncodedBytes: 10_000, maxDecodedBytes: 100_000 };
const text = `{"action":"Grüße ☃"}\n`.repeat(100);

async function read(body: Uint8Array, encoding: string | null, chunkBytes = 7): Promise<string> {
  const chunks = Array.from({ length: Math.ceil(body.length / chunkBytes) }, (_, i) =>
    body.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  return (await Array.fromAsync(decodeBody(Readable.from(chunks), encoding, limits))).join("");
}

test.each([
  [null, (plain: string) => Buffer.from(plain)],
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
] as const)("a body in %s comes out as it went in, cut anywhere", async (encoding, pack) => {
  expect(await read(pack(text), encoding)).toBe(text);
});

test("a small body that unpacks to a great one is refused", async () => {
  const bomb = zstdCompressSync(Buffer.alloc(5_000_000, "a"));
  expect(bomb.length).toBeLessThan(limits.maxEncodedBytes);
  await expect(read(bomb, "zstd")).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test.each([
  ["too many bytes", Buffer.alloc(20_000, "a"), null, "TOO_LARGE"],
  ["an unknown encoding", Buffer.from("{}"), "br", "BAD_INPUT"],
  ["gzip that is none", Buffer.from("not gzip at all"), "gzip", "BAD_INPUT"],
  ["gzip cut short", gzipSync(text).subarray(0, 60), "gzip", "BAD_INPUT"],
  ["zstd cut short", zstdCompressSync(text).subarray(0, 40), "zstd", "BAD_INPUT"],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), null, "BAD_INPUT"],
  ["half a character at the end", Buffer.from([0x7b, 0xc3]), null, "BAD_INPUT"],
])("%s is refused", async (_name, body, encoding, code) => {
  await expect(read(body, encoding)).rejects.toMatchObject({ code });
});
