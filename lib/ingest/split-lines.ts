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
 * @param maxLines empty ones among them: 100 MB of line feeds come in 100 kB of gzip
 * @throws AppError TOO_LARGE naming the line that is too long or one too many
 */
export async function* splitLines(
  pieces: AsyncIterable<string>,
  maxLines = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line> {
  let number = 0;
  // A line that comes in many pieces is put together once: added to piece by piece it costs its length each time.
  let parts: string[] = [];
  let characters = 0;
  const take = (part: string) => {
    characters += part.length;
    if (characters > maxLineCharacters) throw tooLong(number + 1);
    if (part) parts.push(part);
  };
  const end = (): Line | null => {
    if (++number > maxLines) throw tooMany(maxLines);
    const text = parts.join("").trim();
    parts = [];
    characters = 0;
    return text ? { number, text } : null;
  };
  for await (const piece of pieces) {
    let from = 0;
    for (let at = piece.indexOf("\n"); at >= 0; at = piece.indexOf("\n", from)) {
      take(piece.slice(from, at));
      const line = end();
      if (line) yield line;
      from = at + 1;
    }
    take(piece.slice(from));
  }
  if (characters > 0) {
    const line = end();
    if (line) yield line;
  }
}

function tooLong(number: number): AppError {
  return new AppError("TOO_LARGE", `Line ${number} is longer than ${maxLineCharacters} characters.`, {
    hint: "Each line holds one event as JSON.",
  });
}

function tooMany(maxLines: number): AppError {
  return new AppError("TOO_LARGE", `One request holds at most ${maxLines} lines, empty ones among them.`, {
    hint: "Send the rest in another request.",
  });
}
