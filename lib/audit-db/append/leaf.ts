import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Json } from "./i-json.ts";
import { commitmentIn, hasSalt, type RedactableField, redactableFields, saltBytes } from "./salts.ts";
import { writeUtf8 } from "./write-utf8.ts";

/** The encoding that new rows get; covered by the leaf itself, so that later ones can cover more columns. */
export const leafVersion = 2;

/** Every column a leaf covers. Times are ISO 8601 in UTC, with up to six digits of a second. */
export interface LeafRow {
  /** 1 or 2 */
  leafVersion: number;
  /** 64 bytes from version 2 on. */
  salts: Uint8Array | null;
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

const typeOf = { null: 0, text: 1, integer: 2, time: 3, uuid: 4, json: 5, bytes: 6, commitment: 7 } as const;
type FieldType = (typeof typeOf)[keyof typeof typeOf];

const domain = Buffer.from("audit-db leaf\0");
const fieldsAt = domain.length + 2;
const headBytes = 6;
// One event takes at most 64 KiB of details and a few KiB of texts, at four bytes a character.
let scratch = withDomain(128 * 1024);

/**
 * The leaf of a row in lower-case hex: SHA-256 over a typed, length-prefixed encoding of every column, so that no
 * two different rows encode alike. docs/leaf.md describes it for whoever checks it without this code.
 * @throws Error for what neither UTF-8 nor RFC 8785 can write (NaN, half a surrogate pair), a version that is not known,
 * and a redactable field that has neither a salt nor the form of a redacted one
 */
export function leafHexOf(row: LeafRow): string {
  return leafHexWith(row, canonicalize(row.details) as string);
}

/** The same where the RFC 8785 text of the row's details is at hand. */
export function leafHexWith(row: Omit<LeafRow, "details">, details: string): string {
  const { leafVersion: version } = row;
  if (version !== 1 && version !== 2) throw new Error(`leaf version ${version} is not known`);
  const salts = version === 2 ? checkSalts(row.salts) : null;
  scratch.writeUInt16BE(version, domain.length);
  // The order is never changed and a number never reused.
  let at = writeUuid(1, row.id, fieldsAt);
  at = writeTime(2, row.occurredAt, at);
  at = writeTime(3, row.recordedAt, at);
  at = writeText(4, row.organizationId, at);
  at = writeText(5, row.action, at);
  at = writeText(6, row.status, at);
  at = writeText(7, row.targetType, at);
  at = writeRedactable(8, "targetId", row.targetId, salts, at);
  at = writeRedactable(9, "outcome", row.outcome, salts, at);
  at = writeRedactable(10, "correlationId", row.correlationId, salts, at);
  at = writeInteger(11, row.eventVersion, at);
  at = writeText(12, row.dataClassification, at);
  at = writeText(13, row.retentionPolicy, at);
  at = writeInteger(14, row.processingMs, at);
  at = writeRedactable(15, "details", details, salts, at);
  at = writeText(16, row.actorToken, at);
  at = writeBytes(17, row.actorDigest, at);
  at = writeText(18, row.targetToken, at);
  at = writeBytes(19, row.targetDigest, at);
  return hash("sha256", scratch.subarray(0, at), "hex");
}

/** The same as 32 bytes. */
export function leafOf(row: LeafRow): Buffer {
  return Buffer.from(leafHexOf(row), "hex");
}

function checkSalts(salts: Uint8Array | null): Uint8Array {
  if (salts?.length !== saltBytes * redactableFields.length)
    throw new Error("a row without its salts has no leaf");
  return salts;
}

const slotOf = Object.fromEntries(redactableFields.map((field, slot) => [field, slot])) as Record<
  RedactableField,
  number
>;

/** In version 1 the field itself; else its commitment, of the value and its salt or as the redacted field holds it. */
function writeRedactable(
  number: number,
  field: RedactableField,
  text: string | null,
  salts: Uint8Array | null,
  at: number,
): number {
  if (salts === null) return writeText(number, text, at, field === "details" ? typeOf.json : typeOf.text);
  const salted = hasSalt(salts, slotOf[field]);
  if (text === null && !salted) return writeNull(number, at);
  if (text === null) throw new Error(`${field} is null and has a salt`);
  const commitment = salted ? commitmentOf(field, text, salts) : commitmentIn(field, text);
  if (commitment === null) throw new Error(`${field} has no salt and is not redacted`);
  ensure(at + headBytes + commitmentBytes);
  scratch.write(commitment, at + headBytes, "hex");
  return writeHead(number, typeOf.commitment, at, at + headBytes + commitmentBytes);
}

const commitmentBytes = 32;
let salted = Buffer.allocUnsafe(64 * 1024);

/**
 * What the leaf holds of a redactable field, in lower-case hex: SHA-256 of its salt and its value in UTF-8 (`details` in
 * RFC 8785's form).
 */
export function commitmentOf(field: RedactableField, text: string, salts: Uint8Array): string {
  const needed = saltBytes + text.length * 3;
  if (needed > salted.length) salted = Buffer.allocUnsafe(2 * needed);
  const from = slotOf[field] * saltBytes;
  for (let at = 0; at < saltBytes; at++) salted[at] = salts[from + at] as number;
  return hash("sha256", salted.subarray(0, writeUtf8(salted, text, saltBytes)), "hex");
}

/** Number, type and length of a field whose value stands from `at + headBytes` to `end`. @returns `end` */
function writeHead(number: number, type: FieldType, at: number, end: number): number {
  const length = end - at - headBytes;
  scratch[at] = number;
  scratch[at + 1] = type;
  scratch[at + 2] = length >>> 24;
  scratch[at + 3] = length >>> 16;
  scratch[at + 4] = length >>> 8;
  scratch[at + 5] = length;
  return end;
}

function writeNull(number: number, at: number): number {
  return writeHead(number, typeOf.null, at, at + headBytes);
}

function writeText(number: number, text: string | null, at: number, type: FieldType = typeOf.text): number {
  if (text === null) return writeNull(number, at);
  ensure(at + headBytes + text.length * 3);
  return writeHead(number, type, at, writeUtf8(scratch, text, at + headBytes));
}

function writeBytes(number: number, bytes: Uint8Array | null, at: number): number {
  if (bytes === null) return writeNull(number, at);
  ensure(at + headBytes + bytes.length);
  scratch.set(bytes, at + headBytes);
  return writeHead(number, typeOf.bytes, at, at + headBytes + bytes.length);
}

function writeUuid(number: number, uuid: string, at: number): number {
  const length = scratch.write(uuid.replaceAll("-", ""), at + headBytes, "hex");
  return writeHead(number, typeOf.uuid, at, at + headBytes + length);
}

/** A safe integer in eight bytes; through a BigInt it takes three times as long. */
function writeInteger(number: number, value: number | null, at: number): number {
  if (value === null) return writeNull(number, at);
  scratch.writeInt32BE(Math.floor(value / 2 ** 32), at + headBytes);
  const end = scratch.writeUInt32BE(value >>> 0, at + headBytes + 4);
  return writeHead(number, typeOf.integer, at, end);
}

/** A batch's events are recorded, and mostly occurred, at one time. */
let lastTime = "";
const lastMicros = Buffer.alloc(8);

/** Microseconds since 1970 of an ISO 8601 time in UTC; a Date alone would lose the last three digits. */
function writeTime(number: number, time: string, at: number): number {
  if (time !== lastTime) {
    const fraction = /\.(\d{1,6})Z$/.exec(time)?.[1] ?? "";
    const below = Number(fraction.padEnd(6, "0").slice(3));
    const ms = Date.parse(time);
    const micros = ms * 1_000 + below;
    if (Number.isSafeInteger(micros)) {
      lastMicros.writeInt32BE(Math.floor(micros / 2 ** 32));
      lastMicros.writeUInt32BE(micros >>> 0, 4);
    } else lastMicros.writeBigInt64BE(BigInt(ms) * 1_000n + BigInt(below));
    lastTime = time;
  }
  lastMicros.copy(scratch, at + headBytes);
  return writeHead(number, typeOf.time, at, at + headBytes + 8);
}

/** Room for `bytes` and the heads of the fields that follow. */
function ensure(bytes: number): void {
  if (bytes + 512 <= scratch.length) return;
  const larger = withDomain(2 * (bytes + 512));
  scratch.copy(larger);
  scratch = larger;
}

function withDomain(bytes: number): Buffer {
  const made = Buffer.allocUnsafe(bytes);
  domain.copy(made);
  return made;
}
