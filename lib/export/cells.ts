import { beginsFormulaBytes } from "../spreadsheet-formula.ts";

// Writes single values, out of COPY's binary form, as bytes of text. Each function answers where what it wrote ends;
// the caller has seen to it that there is room. They look at bytes, never at strings: that is what makes an export's
// formatting cost 2 µs an event here, where the server takes 6.

const [quote, backslash, zero, comma] = [0x22, 0x5c, 0x30, 0x2c];
const hexDigits = Buffer.from("0123456789abcdef");
/** Bytes that JSON writes as a backslash and a letter. */
const shortEscapes = new Map([
  [0x08, 0x62],
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0c, 0x66],
  [0x0d, 0x72],
  [quote, quote],
  [backslash, backslash],
]);

/** Text as it is. */
export function writeBytes(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  // Below this length a call out of JavaScript costs more than the loop.
  if (end - start > 48) return at + from.copy(out, at, start, end);
  let to = at;
  for (let i = start; i < end; i++) out[to++] = from[i] as number;
  return to;
}

/** UTF-8 text as a JSON string, with the escapes PostgreSQL writes. Needs six times its room and two bytes. */
export function writeJsonString(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let to = at;
  out[to++] = quote;
  for (let i = start; i < end; i++) {
    const byte = from[i] as number;
    if (byte >= 0x20 && byte !== quote && byte !== backslash) {
      out[to++] = byte;
      continue;
    }
    out[to++] = backslash;
    const short = shortEscapes.get(byte);
    if (short !== undefined) out[to++] = short;
    else {
      to += out.write("u00", to, "latin1");
      out[to++] = hexDigits[byte >> 4] as number;
      out[to++] = hexDigits[byte & 15] as number;
    }
  }
  out[to++] = quote;
  return to;
}

/**
 * Text as a CSV's cell, quoted where COPY quotes: delimiter, quote or line end inside, or empty (unquoted that is null).
 * With `inert` what a spreadsheet would take for a formula begins with an apostrophe. Needs twice its room and three bytes.
 */
export function writeCsvCell(
  from: Buffer,
  start: number,
  end: number,
  out: Buffer,
  at: number,
  inert: boolean,
): number {
  let quoted = start === end;
  for (let i = start; i < end && !quoted; i++) {
    const byte = from[i];
    quoted = byte === comma || byte === quote || byte === 0x0a || byte === 0x0d;
  }
  let to = at;
  if (quoted) out[to++] = quote;
  if (inert && beginsFormulaBytes(from, start, end)) out[to++] = 0x27;
  if (!quoted) return writeBytes(from, start, end, out, to);
  for (let i = start; i < end; i++) {
    const byte = from[i] as number;
    if (byte === quote) out[to++] = quote;
    out[to++] = byte;
  }
  out[to++] = quote;
  return to;
}

/** Lower-case hex. Needs twice its room. */
export function writeHex(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let to = at;
  for (let i = start; i < end; i++) {
    const byte = from[i] as number;
    out[to++] = hexDigits[byte >> 4] as number;
    out[to++] = hexDigits[byte & 15] as number;
  }
  return to;
}

/** Sixteen bytes as 8-4-4-4-12 hex digits. */
export function writeUuid(from: Buffer, start: number, out: Buffer, at: number): number {
  let to = writeHex(from, start, start + 4, out, at);
  for (const [begin, end] of [
    [4, 6],
    [6, 8],
    [8, 10],
    [10, 16],
  ] as const) {
    out[to++] = 0x2d;
    to = writeHex(from, start + begin, start + end, out, to);
  }
  return to;
}

/** A whole number of two or four bytes. Needs eleven. */
export function writeInteger(from: Buffer, start: number, end: number, out: Buffer, at: number): number {
  const value = end - start === 2 ? from.readInt16BE(start) : from.readInt32BE(start);
  if (value >= 0 && value < 10) {
    out[at] = zero + value;
    return at + 1;
  }
  return at + out.write(String(value), at, "latin1");
}

const microsPerSecond = 1_000_000;
const secondsPerDay = 86_400;
const daysTo2000 = 10_957;
let knownDay = Number.NaN;
let dayText = Buffer.alloc(0);

/** A timestamptz (microseconds since 2000) as `2026-03-01T09:12:33.120000Z`. Needs 30 bytes. */
export function writeTime(from: Buffer, start: number, out: Buffer, at: number): number {
  const micros = from.readInt32BE(start) * 0x1_0000_0000 + from.readUInt32BE(start + 4);
  const seconds = Math.floor(micros / microsPerSecond);
  const day = Math.floor(seconds / secondsPerDay);
  if (day !== knownDay) {
    const iso = new Date((day + daysTo2000) * secondsPerDay * 1_000).toISOString();
    dayText = Buffer.from(iso.slice(0, iso.indexOf("T") + 1));
    knownDay = day;
  }
  let to = writeBytes(dayText, 0, dayText.length, out, at);
  const second = seconds - day * secondsPerDay;
  to = writePair(Math.floor(second / 3_600), out, to);
  out[to++] = 0x3a;
  to = writePair(Math.floor(second / 60) % 60, out, to);
  out[to++] = 0x3a;
  to = writePair(second % 60, out, to);
  out[to++] = 0x2e;
  const rest = micros - seconds * microsPerSecond;
  to = writePair(Math.floor(rest / 10_000), out, to);
  to = writePair(Math.floor(rest / 100) % 100, out, to);
  to = writePair(rest % 100, out, to);
  out[to++] = 0x5a;
  return to;
}

function writePair(value: number, out: Buffer, at: number): number {
  out[at] = zero + Math.floor(value / 10);
  out[at + 1] = zero + (value % 10);
  return at + 2;
}
