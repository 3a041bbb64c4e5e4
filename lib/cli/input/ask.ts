import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { AppError } from "../../errors.ts";

/** Asks a question on the terminal; standard output stays the command's answer. @throws AppError BAD_INPUT without one */
export async function ask(question: string, options: { hidden?: boolean; without: string }): Promise<string> {
  if (!process.stdin.isTTY)
    throw new AppError("BAD_INPUT", "There is no terminal to ask on.", { hint: options.without });
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({
    input: process.stdin,
    output: options.hidden ? nowhere : process.stderr,
    terminal: true,
  });
  // Asked once the terminal shows nothing by itself: what is typed as soon as the question is there stays unseen.
  process.stderr.write(question);
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    if (options.hidden) process.stderr.write("\n");
  }
}
