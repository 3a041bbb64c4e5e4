import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { AppError } from "../errors.ts";

/** What `--person-from` says in help texts. */
export const personFromHelp =
  "a file with the person's id as the application has it, or - for standard input: no argument, which others see";

/** A person's id from a file or standard input, without the line's end. @throws AppError NOT_FOUND, BAD_INPUT */
export async function readPersonId(from: string): Promise<string> {
  const id = (from === "-" ? await text(process.stdin) : readFile(from)).replace(/\r?\n$/, "");
  if (id.trim() === "" || id.includes("\n"))
    throw new AppError("BAD_INPUT", "--person-from must hold one line with one person's id.");
  return id;
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new AppError("NOT_FOUND", `${file} cannot be read.`);
  }
}
