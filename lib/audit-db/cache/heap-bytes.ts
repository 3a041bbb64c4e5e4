/**
 * About how many bytes of heap a value takes, counted over all it holds (V8 without pointer compression, as Node is
 * built). What stands in it twice counts twice; beyond `enough` it stops counting. Made for rows of a query: plain
 * objects, arrays, text, numbers, dates, bytes.
 */
export function heapBytes(value: unknown, enough = Number.POSITIVE_INFINITY): number {
  let bytes = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && bytes <= enough) {
    const one = waiting.pop();
    if (typeof one !== "object" || one === null) bytes += leafBytes(one);
    else if (ArrayBuffer.isView(one)) bytes += 100 + one.byteLength;
    else if (one instanceof Date) bytes += 96;
    else if (Array.isArray(one)) {
      bytes += 32 + 8 * one.length;
      for (const item of one) waiting.push(item);
    } else if (one instanceof Map || one instanceof Set) {
      bytes += 64 + 40 * one.size;
      for (const entry of one) waiting.push(entry);
    } else {
      const values = Object.values(one);
      bytes += 24 + 8 * values.length;
      for (const item of values) waiting.push(item);
    }
  }
  return bytes;
}

/** Besides the 8 bytes of the place it stands in, which its holder counts. */
function leafBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      // Text that is ASCII has a byte a character, any other is counted with two.
      return 16 + (Buffer.byteLength(value) === value.length ? value.length : 2 * value.length);
    case "number":
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 16;
    case "bigint":
      return 24;
    default:
      return 0;
  }
}
