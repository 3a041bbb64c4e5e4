import type { ScanPlace } from "../scan-types.ts";

/** A place, clean unless said otherwise. */
export function placeOf(
  kind: ScanPlace["kind"],
  where: string,
  target: string | null,
  more: Partial<ScanPlace> = {},
): ScanPlace {
  return { kind, where, target, state: "clean", found: 0, ground: null, until: null, sql: null, ...more };
}
