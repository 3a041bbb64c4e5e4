const pageBytes = 8_192n;
/** Headers of a WAL page: an insert position right behind one has nothing of the page written yet. */
const headerBytes = new Set([24n, 40n]);

/** A WAL position, `16/B374D848`, as a number of bytes. */
export function parseLsn(lsn: string): bigint {
  const parts = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(lsn);
  if (!parts) throw new RangeError(`"${lsn}" is not a WAL position`);
  return (BigInt(`0x${parts[1]}`) << 32n) + BigInt(`0x${parts[2]}`);
}

export function formatLsn(position: bigint): string {
  return `${(position >> 32n).toString(16)}/${(position & 0xffff_ffffn).toString(16)}`.toUpperCase();
}

/**
 * The end of what was written before this insert position. At a page's start the server names the byte behind
 * the page's header, which a standby reaches only with the next record.
 */
export function endOfWritten(insert: bigint): bigint {
  const within = insert % pageBytes;
  return headerBytes.has(within) ? insert - within : insert;
}
