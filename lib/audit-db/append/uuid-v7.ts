import { randomBytes } from "node:crypto";

const randomHexDigits = 20;
/** Random digits for the next ids. */
let pool = "";
let used = 0;

/**
 * A UUID version 7 (RFC 9562): milliseconds since the epoch, then 74 random bits.
 * `random` (10 bytes) fixes those bits, for ids that must come out the same again.
 */
export function uuidV7(atMs: number = Date.now(), random?: Uint8Array): string {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  const hex = random ? Buffer.from(random.buffer, random.byteOffset, 10).toString("hex") : randomHex();
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

function randomHex(): string {
  if (used + randomHexDigits > pool.length) {
    pool = randomBytes(4_000).toString("hex");
    used = 0;
  }
  used += randomHexDigits;
  return pool.slice(used - randomHexDigits, used);
}
