import type { ScanPlace } from "../scan-types.ts";

/** Whether everything that a scan found is gone, or stays for a reason that is told. What could not be looked at is neither. */
export function remainderListed({ state, places }: { state: string; places: unknown }): boolean {
  return (
    state === "done" &&
    Array.isArray(places) &&
    (places as ScanPlace[]).every(
      (place) => place.state === "clean" || (place.state === "found" && place.ground !== null),
    )
  );
}

/** What stands in the way of an end, in words without names of anybody. */
export function tellRemainder(places: readonly ScanPlace[]): string | null {
  const left = places.filter(({ state, ground }) => state === "found" && ground === null).length;
  const unknown = places.filter(({ state }) => state === "unknown").length;
  const told = [
    ...(left > 0 ? [`left in ${left} ${left === 1 ? "place" : "places"}`] : []),
    ...(unknown > 0 ? [`${unknown} ${unknown === 1 ? "place" : "places"} could not be looked at`] : []),
  ];
  return told.length > 0 ? told.join("; ") : null;
}
