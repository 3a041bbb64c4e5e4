import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "./i-json.ts";

/** The encoding that new rows get; covered by the leaf itself, so that later ones can cover more columns. */
export const leafVersion = 1;

/** Every column a leaf covers. Times are ISO 8601 in UTC, with up to six digits of a second. */
export interface LeafRow {
  id: string;
  occurredAt: string;
  recordedAt: string;
  organizationId: string;
  action: string;
  status: string;
  targetType: string | null;
  targetId: string | null;
  outcome: string | null;
  correlationId: string | null;
  eventVersion: number;
  dataClassification: string;
  retentionPolicy: string;
  processingMs: number | null;
  details: { [key: string]: Json };
  actorToken: string | null;
  actorDigest: Uint8Array | null;
  targetToken: string | null;
  targetDigest: Uint8Array | null;
}

const typeOf = { null: 0, text: 1, integer: 2, time: 3, uuid: 4, json: 5, bytes: 6 } as const;
type FieldType = Exclude<keyof typeof typeOf, "null">;

/** Fields in the order of their numbers, from 1. An order is never changed and a number never reused. */
const fields: readonly (readonly [keyof LeafRow, FieldType])[] = [
  ["id", "uuid"],
  ["occurredAt", "time"],
  ["recordedAt", "time"],
  ["organizationId", "text"],
  ["action", "text"],
  ["status", "text"],
  ["targetType", "text"],
  ["targetId", "text"],
  ["outcome", "text"],
  ["correlationId", "text"],
  ["eventVersion", "integer"],
  ["dataClassification", "text"],
  ["retentionPolicy", "text"],
  ["processingMs", "integer"],
  ["details", "json"],
  ["actorToken", "text"],
  ["actorDigest", "bytes"],
  ["targetToken", "text"],
  ["targetDigest", "bytes"],
];

const domain = Buffer.from("audit-db leaf\0");
const headBytes = 6;
// One event takes at most 64 KiB of details and a few KiB of texts, at four bytes a character.
let scratch = Buffer.allocUnsafe(128 * 1024);

/**
 * The leaf of a row in lower-case hex: SHA-256 over a typed, length-prefixed encoding of every column, so that no
 * two different rows encode alike. docs/leaf.md describes it for whoever checks it without this code.
 * @throws Error for what neither UTF-8 nor RFC 8785 can write (NaN, half a surrogate pair)
 */
export function leafHexOf(row: LeafRow): string {
  let at = domain.copy(scratch, 0);
  at = scratch.writeUInt16BE(leafVersion, at);
  for (let number = 0; number < fields.length; number++) {
    const [name, type] = fields[number] as (typeof fields)[number];
    at = writeField(number + 1, type, row[name], at);
  }
  return hash("sha256", scratch.subarray(0, at), "hex");
}

/** The same as 32 bytes. */
export function leafOf(row: LeafRow): Buffer {
  return Buffer.from(leafHexOf(row), "hex");
}

function writeField(number: number, type: FieldType, value: LeafRow[keyof LeafRow], at: number): number {
  scratch[at] = number;
  if (value === null) {
    scratch[at + 1] = typeOf.null;
    scratch.writeUInt32BE(0, at + 2);
    return at + headBytes;
  }
  scratch[at + 1] = typeOf[type];
  const end = writeValue(type, value, at + headBytes);
  scratch.writeUInt32BE(end - at - headBytes, at + 2);
  return end;
}

function writeValue(type: FieldType, value: NonNullable<LeafRow[keyof LeafRow]>, at: number): number {
  switch (type) {
    case "text":
      return writeText(value as string, at);
    case "json":
      return writeText(canonicalize(value) as string, at);
    case "integer":
      return writeInteger(value as number, at);
    case "time":
      return writeTime(value as string, at);
    case "uuid":
      return at + scratch.write((value as string).replaceAll("-", ""), at, "hex");
    case "bytes":
      ensure(at + (value as Uint8Array).length);
      scratch.set(value as Uint8Array, at);
      return at + (value as Uint8Array).length;
  }
}

function writeText(text: string, at: number): number {
  // UTF-8 has no form for half a surrogate pair: it would be written as U+FFFD, like any other.
  if (!text.isWellFormed()) throw new Error("half a surrogate pair has no leaf");
  ensure(at + text.length * 3);
  return at + scratch.write(text, at);
}

/** Room for `bytes` and the heads of the fields that follow. */
function ensure(bytes: number): void {
  if (bytes + 512 <= scratch.length) return;
  const larger = Buffer.allocUnsafe(2 * (bytes + 512));
  scratch.copy(larger);
  scratch = larger;
}

/** A safe integer in eight bytes; through a BigInt it takes three times as long. */
function writeInteger(value: number, at: number): number {
  scratch.writeInt32BE(Math.floor(value / 2 ** 32), at);
  return scratch.writeUInt32BE(value >>> 0, at + 4);
}

/** Microseconds since 1970 of an ISO 8601 time in UTC; a Date alone would lose the last three digits. */
function writeTime(time: string, at: number): number {
  const ms = Date.parse(time);
  const fraction = /\.(\d{1,6})Z$/.exec(time)?.[1] ?? "";
  const below = Number(fraction.padEnd(6, "0").slice(3));
  const micros = ms * 1_000 + below;
  return Number.isSafeInteger(micros)
    ? writeInteger(micros, at)
    : scratch.writeBigInt64BE(BigInt(ms) * 1_000n + BigInt(below), at);
}
