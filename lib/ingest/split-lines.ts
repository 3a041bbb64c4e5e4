import { AppError } from "../errors.ts";

/** A line of NDJSON, counted from 1 as editors do. */
export interface Line {
  number: number;
  text: string;
}

/** More than the largest event takes, personal fields included. */
export const maxLineCharacters = 400_000;

/**
 * Splits text at line feeds; empty lines are counted and left out. Not `readline`, which also splits at U+2028,
 * a character that may stand in JSON text.
 * @throws AppError BAD_INPUT naming the line that is too long
 */
export async function* splitLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let rest = "";
  let number = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      number++;
      const text = line.trim();
      if (text) yield { number, text: assertLength(text, number) };
    }
    assertLength(rest, number + 1);
  }
  const text = rest.trim();
  if (text) yield { number: number + 1, text };
}

function assertLength(text: string, number: number): string {
  if (text.length <= maxLineCharacters) return text;
  throw new AppError("TOO_LARGE", `Line ${number} is longer than ${maxLineCharacters} characters.`, {
    hint: "Each line holds one event as JSON.",
  });
}
