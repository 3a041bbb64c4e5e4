import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { AppError } from "../../errors.ts";

/** An input as `--input` gives it: JSON, `@file`, or `-` for standard input. @throws AppError BAD_INPUT, NOT_FOUND */
export async function readInput(given: string): Promise<unknown> {
  const source =
    given === "-" ? await text(process.stdin) : given.startsWith("@") ? readFile(given.slice(1)) : given;
  try {
    return JSON.parse(source);
  } catch {
    throw new AppError("BAD_INPUT", "--input is not JSON.", {
      hint: `Such as --input '{"target": "audit"}'.`,
    });
  }
}

function readFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new AppError("NOT_FOUND", `${file} cannot be read.`);
  }
}
