/** Bytes as text for `::text[]::bytea[]`: the driver has no type for lists of bytes. */
export function bytesArray(values: readonly Buffer[]): string[] {
  return values.map((value) => `\\x${value.toString("hex")}`);
}
