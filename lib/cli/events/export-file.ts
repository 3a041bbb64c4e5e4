import { open } from "node:fs/promises";
import type { Writable } from "node:stream";
import { AppError } from "../../errors.ts";

/** What an export writes to: a file, appended to, or standard output. @throws AppError BAD_INPUT */
export async function openOut(file: string): Promise<Writable> {
  if (file === "-") return process.stdout;
  const handle = await open(file, "a", 0o600).catch((thrown: unknown) => {
    throw explainFile(thrown, file) ?? thrown;
  });
  return handle.createWriteStream();
}

/** What stands in the way of writing and is the caller's to mend; undefined for anything else. */
export function explainFile(thrown: unknown, file: string): AppError | undefined {
  const reasons: Record<string, string> = {
    ENOENT: "its folder does not exist",
    EACCES: "you may not write there",
    EISDIR: "it is a folder",
    ENOSPC: "the disk is full",
    EROFS: "the disk is read-only",
  };
  const reason = reasons[codeOf(thrown) ?? ""];
  return reason
    ? new AppError("BAD_INPUT", `${file} cannot be written: ${reason}.`, { cause: thrown })
    : undefined;
}

export const codeOf = (thrown: unknown) => (thrown as { code?: string } | undefined)?.code;
