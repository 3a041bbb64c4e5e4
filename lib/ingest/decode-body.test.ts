import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { decodeBody } from "./decode-body.ts";

const limits = { maxEncodedBytes: 10_000, maxDecodedBytes: 100_000 };
const text = `{"action":"Grüße ☃"}\n`.repeat(100);

const open = (body: Uint8Array, encoding: string | null, chunkBytes = 7, length?: string) => {
  const chunks = Array.from({ length: Math.ceil(body.length / chunkBytes) }, (_, i) =>
    body.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  return decodeBody(Readable.from(chunks), { encoding, length: length ?? null }, limits);
};
const read = async (...given: Parameters<typeof open>) => (await Array.fromAsync(open(...given))).join("");

const packings = [
  [null, (plain: string) => Buffer.from(plain)],
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
] as const;

test.each(packings)(
  "a body in %s comes out as it went in, cut anywhere, and is counted",
  async (encoding, pack) => {
    const packed = pack(text);
    for (const chunkBytes of [1, 7, 64, 100_000]) {
      const body = open(packed, encoding, chunkBytes, String(packed.length));
      expect((await Array.fromAsync(body)).join("")).toBe(text);
      expect(body.bytes).toBe(packed.length);
    }
  },
);

test.each(packings.slice(1))(
  "the members of a body in %s are one text, wherever it is cut",
  async (encoding, pack) => {
    const members = [pack(text), pack(""), pack("x\n"), pack(text)];
    const packed = Buffer.concat(members);
    for (const chunkBytes of [1, 7, 64, members[0]?.length ?? 0, 100_000])
      expect(await read(packed, encoding, chunkBytes)).toBe(`${text}x\n${text}`);
  },
);

const gzip = gzipSync(text);
const zstd = zstdCompressSync(text);
test.each([
  ["gzip cut short", gzip.subarray(0, 60), "gzip"],
  ["gzip without its check sum", gzip.subarray(0, -8), "gzip"],
  ["gzip with a second member cut short", Buffer.concat([gzip, gzip.subarray(0, 20)]), "gzip"],
  ["gzip with text behind it", Buffer.concat([gzip, Buffer.from("{}\n")]), "gzip"],
  ["gzip with zeros behind it", Buffer.concat([gzip, Buffer.alloc(20)]), "gzip"],
  ["gzip with a zero and a member behind it", Buffer.concat([gzip, Buffer.alloc(1), gzip]), "gzip"],
  ["gzip that is none", Buffer.from("not gzip at all"), "gzip"],
  ["an empty body as gzip", Buffer.alloc(0), "gzip"],
  ["zstd cut short", zstd.subarray(0, 40), "zstd"],
  ["zstd with a second frame cut short", Buffer.concat([zstd, zstd.subarray(0, 20)]), "zstd"],
  ["zstd with text behind it", Buffer.concat([zstd, Buffer.from("{}\n")]), "zstd"],
  ["zstd with zeros behind it", Buffer.concat([zstd, Buffer.alloc(20)]), "zstd"],
  ["an empty body as zstd", Buffer.alloc(0), "zstd"],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), null],
  ["half a character at the end", Buffer.from([0x7b, 0xc3]), null],
  ["an unknown encoding", Buffer.from("{}"), "br"],
])("%s is refused, wherever it is cut", async (_name, body, encoding) => {
  for (const chunkBytes of [1, 7, 100_000])
    await expect(read(body, encoding, chunkBytes)).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test("a body that is not as long as its Content-Length says is refused, with both figures", async () => {
  await expect(read(Buffer.from("{}\n"), null, 7, "12288000")).rejects.toMatchObject({
    code: "BAD_INPUT",
    message: "The body ended after 3 bytes; its Content-Length says 12288000.",
  });
  const short = gzipSync("{}\n");
  await expect(read(short, "gzip", 7, String(short.length + 1))).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test("a connection that breaks off is an error, also between two members", async () => {
  for (const [encoding, pack] of packings) {
    const broken = (async function* () {
      yield pack("{}\n");
      throw new Error("aborted");
    })();
    await expect(Array.fromAsync(decodeBody(broken, { encoding }, limits))).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: `The body ended after ${pack("{}\n").length} bytes, before it was complete.`,
    });
  }
});

test("a small body that unpacks to a great one is refused", async () => {
  const bomb = zstdCompressSync(Buffer.alloc(5_000_000, "a"));
  expect(bomb.length).toBeLessThan(limits.maxEncodedBytes);
  await expect(read(bomb, "zstd")).rejects.toMatchObject({ code: "TOO_LARGE" });
  const dense = zstdCompressSync(Buffer.alloc(20_000_000, "a"));
  const body = decodeBody(
    Readable.from([dense]),
    { encoding: "zstd" },
    { ...limits, maxDecodedBytes: 1e9, maxRatio: 100 },
  );
  await expect(Array.fromAsync(body)).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: "The body unpacks to more than 100 times its size.",
  });
  await expect(read(Buffer.alloc(20_000, "a"), null)).rejects.toMatchObject({ code: "TOO_LARGE" });
});

test.each(packings)(
  "a reader of %s that stops early does not wait for the sender",
  async (encoding, pack) => {
    let asked = 0;
    const silent = (async function* () {
      yield pack(text);
      asked++;
      await new Promise(() => {});
    })();
    for await (const piece of decodeBody(silent, { encoding }, limits)) {
      expect(piece).not.toBe("");
      break;
    }
    expect(asked).toBeLessThanOrEqual(1);
  },
);

test("what is left of a refused body is taken, and its end is an end", async () => {
  let taken = 0;
  const sender = (async function* () {
    for (; taken < 50; taken++) yield Buffer.alloc(1_000, "a");
  })();
  const body = decodeBody(sender, {}, limits);
  await expect(Array.fromAsync(body)).rejects.toMatchObject({ code: "TOO_LARGE" });
  expect(taken).toBe(10);
  await body.discard();
  expect(taken).toBe(50);
  expect(body.bytes).toBe(11_000);
});
