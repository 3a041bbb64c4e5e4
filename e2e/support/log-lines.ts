import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { world } from "./world.ts";

/** Where the console's log ends now, in characters. */
export function logEnd(): number {
  return readFileSync(world().logFile, "utf8").length;
}

/** What the console has printed since, a line each; waits for lines that are on their way. */
export async function logSince(from: number): Promise<string[]> {
  for (let known = -1; known !== logEnd(); await sleep(100)) known = logEnd();
  return readFileSync(world().logFile, "utf8")
    .slice(from)
    .split("\n")
    .filter((line) => line !== "");
}

/** Whether a line is one JSON object with a level and a message, as our logger writes them. */
export function isLogObject(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null && "level" in parsed && "msg" in parsed;
  } catch {
    return false;
  }
}
