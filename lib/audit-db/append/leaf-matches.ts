import { leafHexOf } from "./leaf.ts";
import { leafRowFromDatabase, type StoredLeafRow } from "./leaf-row.ts";

/** Whether the leaf made anew of a row is the stored one; a row that can have no leaf has another. */
export function leafMatches(row: StoredLeafRow, stored: Uint8Array): boolean {
  try {
    return leafHexOf(leafRowFromDatabase(row)) === Buffer.from(stored).toString("hex");
  } catch {
    return false;
  }
}
