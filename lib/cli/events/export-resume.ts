import { createReadStream, existsSync, truncateSync } from "node:fs";
import { open } from "node:fs/promises";
import type { EventKey } from "../../audit-log/event-filters.ts";
import { AppError } from "../../errors.ts";
import { parseEventKey } from "../../events/inputs.ts";

const [lineFeed, quote] = [0x0a, 0x22];
/** Time and id stand at the beginning of a row, in NDJSON with their names. */
const keyBytes = 120;

/**
 * Cuts a file that an export left behind its last whole event and answers which that is; null when it holds none and is
 * empty now. A line feed inside a CSV's cell ends no event, so quotes are counted from the beginning.
 * @throws AppError NOT_FOUND, CONFLICT when it is no such file
 */
export async function cutToLastEvent(file: string, format: "ndjson" | "csv"): Promise<EventKey | null> {
  if (!existsSync(file))
    throw new AppError("NOT_FOUND", `There is no file ${file} to go on with.`, {
      hint: "Leave --resume out.",
    });
  const { start, end } = await lastWholeRow(file, format === "csv");
  // The only whole row of a CSV is its header.
  if (end === 0 || (format === "csv" && start === 0)) {
    truncateSync(file, 0);
    return null;
  }
  const handle = await open(file, "r");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(keyBytes), 0, keyBytes, start);
  await handle.close();
  const key = keyOf(buffer.toString("latin1", 0, bytesRead), format);
  if (!key)
    throw new AppError("CONFLICT", `${file} was not made by an export as ${format}.`, {
      hint: "Name the file of the interrupted export and its --format.",
    });
  truncateSync(file, end);
  return key;
}

/** Where the last row that has its line feed begins, and where it ends. */
async function lastWholeRow(file: string, quoted: boolean): Promise<{ start: number; end: number }> {
  let [start, end, at] = [0, 0, 0];
  let inside = false;
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = piece as Buffer;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (quoted && byte === quote) inside = !inside;
      if (byte !== lineFeed || inside) continue;
      start = end;
      end = at + i + 1;
    }
    at += bytes.length;
  }
  return { start, end };
}

function keyOf(row: string, format: "ndjson" | "csv"): EventKey | null {
  const found =
    format === "csv" ? /^([^,]+),([^,]+),/.exec(row) : /^\{"occurredAt":"([^"]+)","id":"([^"]+)"/.exec(row);
  try {
    return found ? parseEventKey(`${found[1]}_${found[2]}`) : null;
  } catch {
    return null;
  }
}
