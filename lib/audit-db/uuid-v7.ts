import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(4_096);
let used = pool.length;

/**
 * A UUID version 7 (RFC 9562): milliseconds since the epoch, then 74 random bits.
 * `random` (10 bytes) fixes those bits, for ids that must come out the same again.
 */
export function uuidV7(atMs: number = Date.now(), random: Uint8Array = tenRandomBytes()): string {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  const hex = Buffer.from(random.buffer, random.byteOffset, 10).toString("hex");
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
}

function tenRandomBytes(): Uint8Array {
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 10;
  return pool.subarray(used - 10, used);
}
