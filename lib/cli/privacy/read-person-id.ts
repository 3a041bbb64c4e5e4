import { AppError } from "../../errors.ts";
import { readTextFile } from "../input/read-text-file.ts";

/** What `--person-from` says in help texts. */
export const personFromHelp =
  "a file with the person's id as the application has it, or - for standard input: no argument, which others see";

/** A person's id from a file or standard input, without the line's end. @throws AppError NOT_FOUND, BAD_INPUT */
export async function readPersonId(from: string): Promise<string> {
  return oneId(await readTextFile(from));
}

/** @throws AppError BAD_INPUT */
export function oneId(text: string): string {
  const id = text.replace(/\r?\n$/, "");
  if (id.trim() === "" || id.includes("\n"))
    throw new AppError("BAD_INPUT", "--person-from must hold one line with one person's id.");
  return id;
}
