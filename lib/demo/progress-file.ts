import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/** Raised when the made-up history changes so much that an older one is written anew: 2 has people and leaves. */
const edition = 2;

const schema = z.object({
  edition: z.int().default(1),
  /** The server the history is written to: another one starts anew. */
  systemIdentifier: z.string(),
  /** When the first start was; the history ends there. */
  anchor: z.coerce.date(),
  /** Days of the history that are stored, from its beginning. */
  daysDone: z.int().min(0),
  complete: z.boolean(),
});
export type Progress = Omit<z.infer<typeof schema>, "edition">;

/** How far the history has come, or a fresh beginning when there is none for this server. */
export function loadProgress(dataDir: string, systemIdentifier: string, now: Date): Progress {
  const known = readFile(dataDir);
  return known?.systemIdentifier === systemIdentifier && known.edition === edition
    ? known
    : { systemIdentifier, anchor: now, daysDone: 0, complete: false };
}

/** Whether what was written so far, if anything, is what this program would write. */
export function hasCurrentHistory(dataDir: string): boolean {
  return (readFile(dataDir)?.edition ?? edition) === edition;
}

/** Forgets how far the history has come: it begins anew. */
export function removeProgress(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}

export function saveProgress(dataDir: string, progress: Progress): void {
  const draft = `${fileIn(dataDir)}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify({ ...progress, edition })}\n`, { mode: 0o600 });
  renameSync(draft, fileIn(dataDir));
}

function readFile(dataDir: string): z.infer<typeof schema> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(fileIn(dataDir), "utf8")));
  } catch {
    return null;
  }
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, "demo.json");
}
