// What the bootstraps tell on the terminal: short lines, each with the seconds since the beginning.

/** When the whole start began: given by the program that started this one, or now. */
export const begunAt = Number(process.argv.find((arg) => arg.startsWith("--since="))?.slice(8)) || Date.now();

/** One line of progress, fit for a terminal and for a log file. */
export function say(text) {
  const seconds = Math.round((Date.now() - begunAt) / 1000);
  process.stdout.write(`${String(seconds).padStart(4)} s  ${text}\n`);
}

/** One paragraph that says what to do, then the end. */
export function fail(text, exitCode = 1) {
  process.stderr.write(`\n${text}\n`);
  process.exit(exitCode);
}

// A reader that goes away (`npm start | head`) must not take the product with it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
