import {
  writeBytes,
  writeCsvCell,
  writeHex,
  writeInteger,
  writeJsonString,
  writeTime,
  writeUuid,
} from "./cells.ts";
import { exportColumns, type Kind } from "./columns.ts";

/** Writes the row whose first field's length stands at `start` to `out` and answers where it ends there. */
export type WriteRow = (from: Buffer, start: number, out: Buffer, at: number) => number;

const quote = 0x22;
const lineFeed = Buffer.from("\n");
const nothing = Buffer.from("null");
/** jsonb is sent behind a byte with the version of that form. */
const jsonbVersionBytes = 1;

/** Bytes a row may need: six for one where JSON escapes every byte, and what stands around the values. */
export function roomFor(rowBytes: number): number {
  return rowBytes * 6 + fixedBytes;
}
const fixedBytes = exportColumns.reduce((sum, { name }) => sum + name.length + 48, 16);

/**
 * A row as a line of JSON. Bytes stand as hex.
 * @param jsonAs `string` gives JSON columns as a string that holds them, which no reader of JSON can change
 */
export function jsonRow(jsonAs: "json" | "string"): WriteRow {
  const kinds = exportColumns.map(({ kind }) => kind);
  const keys = exportColumns.map(({ name }, index) => Buffer.from(`${index === 0 ? "{" : ","}"${name}":`));
  const end = Buffer.from("}\n");
  return (from, start, out, at) => {
    let read = start;
    let to = at;
    for (let i = 0; i < kinds.length; i++) {
      const key = keys[i] as Buffer;
      to = writeBytes(key, 0, key.length, out, to);
      const length = from.readInt32BE(read);
      read += 4;
      if (length < 0) {
        to = writeBytes(nothing, 0, nothing.length, out, to);
        continue;
      }
      const [kind, until] = [kinds[i] as Kind, read + length];
      if (kind === "text") to = writeJsonString(from, read, until, out, to);
      else if (kind === "integer") to = writeInteger(from, read, until, out, to);
      else if (kind === "json" && jsonAs === "json")
        to = writeBytes(from, read + jsonbVersionBytes, until, out, to);
      else if (kind === "json") to = writeJsonString(from, read + jsonbVersionBytes, until, out, to);
      else {
        out[to++] = quote;
        to = writePlain(kind, from, read, until, out, to);
        out[to++] = quote;
      }
      read = until;
    }
    return writeBytes(end, 0, end.length, out, to);
  };
}

/** A row as COPY writes CSV, bytes as hex. `spreadsheet` puts an apostrophe before what one would take for a formula. */
export function csvRow(spreadsheet: boolean): WriteRow {
  const kinds = exportColumns.map(({ kind }) => kind);
  const comma = 0x2c;
  return (from, start, out, at) => {
    let read = start;
    let to = at;
    for (let i = 0; i < kinds.length; i++) {
      if (i > 0) out[to++] = comma;
      const length = from.readInt32BE(read);
      read += 4;
      if (length < 0) continue;
      const [kind, until] = [kinds[i] as Kind, read + length];
      if (kind === "text") to = writeCsvCell(from, read, until, out, to, spreadsheet);
      else if (kind === "json")
        to = writeCsvCell(from, read + jsonbVersionBytes, until, out, to, spreadsheet);
      else if (kind === "integer") to = writeInteger(from, read, until, out, to);
      // No bytes are an empty text, not null.
      else if (length === 0) to = writeCsvCell(from, read, until, out, to, false);
      else to = writePlain(kind, from, read, until, out, to);
      read = until;
    }
    return writeBytes(lineFeed, 0, 1, out, to);
  };
}

export const csvHeader = `${exportColumns.map(({ name }) => name).join(",")}\n`;

/** What neither JSON nor CSV must quote or escape. */
function writePlain(kind: Kind, from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  if (kind === "time") return writeTime(from, start, out, at);
  if (kind === "uuid") return writeUuid(from, start, out, at);
  return writeHex(from, start, end, out, at);
}
