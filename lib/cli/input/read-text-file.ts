import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { AppError } from "../../errors.ts";

/** A file's text, or standard input's for `-`. @throws AppError NOT_FOUND */
export async function readTextFile(from: string): Promise<string> {
  if (from === "-") return text(process.stdin);
  try {
    return readFileSync(from, "utf8");
  } catch {
    throw new AppError("NOT_FOUND", `${from} cannot be read.`);
  }
}
