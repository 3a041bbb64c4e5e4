/** As the server prints it; years beyond four digits and before Christ as the server reads them. */
export function toServerIso(point: bigint, zone = ""): string {
  const seconds = point >= 0n ? point / 1_000_000n : (point - 999_999n) / 1_000_000n;
  const fraction = point - seconds * 1_000_000n;
  const date = new Date(Number(seconds) * 1_000);
  const year = date.getUTCFullYear();
  const text = date
    .toISOString()
    .slice(year < 0 || year > 9_999 ? 7 : 4, -5)
    .replace("T", " ");
  const micros = fraction === 0n ? "" : `.${String(fraction).padStart(6, "0")}`;
  const era = year < 1 ? " BC" : "";
  return `${String(year < 1 ? 1 - year : year).padStart(4, "0")}${text}${micros}${zone}${era}`;
}
