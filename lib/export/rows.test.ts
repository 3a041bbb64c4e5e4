import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportColumns } from "./columns.ts";
import { formatRows } from "./format.ts";
import { csvRow, jsonRow, type WriteRow } from "./rows.ts";

type Row = Record<string, string | number | object | Buffer | null>;

/** Texts with what JSON, CSV and spreadsheets mind, and any other. */
const text = fc.oneof(
  fc
    .string({ unit: "binary", maxLength: 80 })
    .filter((value) => !value.includes("\0") && value.isWellFormed()),
  fc.constantFrom(
    "",
    '"',
    "\\",
    ",",
    "a\nb",
    "\r\n",
    "\t=1",
    "\u0001\u001f\u007f",
    "ü😀\u2028",
    "null",
    "\\.",
    "=1+1",
    "@x",
    "-",
    "+1",
  ),
);
const json = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)));
const instant = fc.date({
  min: new Date("1970-01-01T00:00:00Z"),
  max: new Date("2100-01-01T00:00:00Z"),
  noInvalidDate: true,
});
const arbitrary = {
  time: instant,
  uuid: fc.uuid(),
  text,
  integer: fc.integer({ min: -32_768, max: 32_767 }),
  json,
  bytes: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
};
const row: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(
    exportColumns.map(({ name, kind }) => [
      name,
      fc.option(arbitrary[kind] as fc.Arbitrary<Row[string]>, { freq: 5 }),
    ]),
  ),
);

/** As COPY sends it. */
function encode(rows: Row[]): Buffer {
  const field = (value: Row[string], kind: string, parquet: string): Buffer => {
    if (value === null) return Buffer.from([255, 255, 255, 255]);
    const bytes = Buffer.alloc(8);
    let body: Buffer;
    if (kind === "time") {
      bytes.writeBigInt64BE(BigInt((value as Date).getTime() - Date.UTC(2000, 0, 1)) * 1_000n + 7n);
      body = bytes;
    } else if (kind === "uuid") body = Buffer.from((value as string).replaceAll("-", ""), "hex");
    else if (kind === "integer" && parquet === "SMALLINT")
      body = bytes.subarray(0, bytes.writeInt16BE(value as number));
    else if (kind === "integer") body = bytes.subarray(0, bytes.writeInt32BE(value as number));
    else if (kind === "json") body = Buffer.from(`\u0001${JSON.stringify(value)}`);
    else body = Buffer.from(value as string | Buffer);
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  };
  const count = Buffer.from([0, exportColumns.length]);
  return Buffer.concat([
    Buffer.alloc(19),
    ...rows.flatMap((one) => [
      count,
      ...exportColumns.map(({ name, kind, parquet }) => field(one[name] ?? null, kind, parquet)),
    ]),
    Buffer.from([255, 255]),
  ]);
}

async function format(pieces: Buffer[], write: WriteRow): Promise<{ text: string; rows: number }> {
  let rows = 0;
  async function* source() {
    yield* pieces;
  }
  const written = await Array.fromAsync(formatRows(source(), write, (count) => (rows += count)));
  return { text: Buffer.concat(written).toString(), rows };
}

const plain = (value: Row[string], kind: string) => {
  if (kind === "time") return (value as Date).toISOString().replace("Z", "007Z");
  return Buffer.isBuffer(value) ? value.toString("hex") : value;
};

describe("rows of a binary COPY", () => {
  test("become lines of JSON that hold exactly their values", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 4 }), async (rows) => {
        const { text: written, rows: counted } = await format([encode(rows)], jsonRow("json"));
        const lines = written.split("\n").slice(0, -1);
        expect(counted).toBe(rows.length);
        expect(lines.map((line) => JSON.parse(line))).toEqual(
          rows.map((one) =>
            Object.fromEntries(
              exportColumns.map(({ name, kind }) => [
                name,
                one[name] === null ? null : plain(one[name] as Row[string], kind),
              ]),
            ),
          ),
        );
      }),
    );
  });

  test("become lines of CSV as RFC 4180 reads them, null apart from empty", async () => {
    await fc.assert(
      fc.asyncProperty(row, async (one) => {
        const { text: written } = await format([encode([one])], csvRow(false));
        const cell = (value: string) =>
          /[",\r\n]|^$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
        const cells = exportColumns.map(({ name, kind }) => {
          const value = one[name];
          if (value === null || value === undefined) return "";
          if (kind === "bytes") return cell((value as Buffer).toString("hex"));
          return cell(kind === "json" ? JSON.stringify(value) : String(plain(value, kind)));
        });
        expect(written).toBe(`${cells.join(",")}\n`);
      }),
    );
  });

  test("come out the same however they arrive", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 4 }), fc.array(fc.nat(400)), async (rows, cuts) => {
        const data = encode(rows);
        const pieces: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          pieces.push(Buffer.from(data.subarray(at, at + cut)));
          at = Math.min(data.length, at + cut);
        }
        pieces.push(Buffer.from(data.subarray(at)));
        expect(await format(pieces, jsonRow("json"))).toEqual(await format([data], jsonRow("json")));
      }),
    );
  });

  test("that break off are an error wherever they do", async () => {
    const data = encode([{}, {}]);
    for (let length = 0; length < data.length; length++)
      await expect(format([data.subarray(0, length)], jsonRow("json"))).rejects.toThrow(/middle of a row/);
  });
});

test.each(["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠sum"])(
  "for spreadsheets %j begins with an apostrophe, and only there",
  async (action) => {
    const rows = [{ action, outcome: "a=1", organizationId: "'", targetId: "" }];
    const [exact, inert] = await Promise.all(
      [false, true].map((inert) => format([encode(rows)], csvRow(inert))),
    );
    const quoted = /[\r\n]/.test(action) ? `"'` : "'";
    expect(inert?.text).toContain(`,${quoted}${action}`);
    expect(inert?.text.replace(`'${action}`, action)).toBe(exact?.text);
  },
);
