import type { Logger } from "./log.ts";
import { limitLines } from "./log-limit.ts";

const maxLength = 300;

/** console method → level. */
const methods = {
  debug: "debug",
  trace: "debug",
  log: "info",
  info: "info",
  warn: "warn",
  error: "error",
} as const;

/**
 * From now on what this process prints through `console` (Next, React and drivers do), Node's warnings among it, is
 * lines of `logger`: one JSON object a line whatever is in it, and no more of a kind than a minute bears, for a
 * stranger may be who causes it.
 */
export function logConsole(logger: Logger): void {
  const limited = limitLines(logger);
  for (const [method, level] of Object.entries(methods))
    console[method as keyof typeof methods] = (...given: unknown[]) => {
      const { message, err } = describePrint(given);
      if (message || err) limited[level]({ ...(err && { err }) }, message || "error");
    };
  // Node's own listener writes lines of text to standard error.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => limited.warn({ err: warning }, "Node.js warns"));
}

/** What of a print may be logged: its first text without colours, on one line, and its first error. */
export function describePrint(given: readonly unknown[]): { message: string; err?: Error } {
  const err = given.find((part) => part instanceof Error);
  const message = given
    .filter((part) => typeof part === "string")
    .join(" ")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    .replace(/\u001b\[[0-9;]*m/g, "")
    // Next names the address it failed on: a caller's words.
    .replace(/(Failed to handle request for) .*/s, "$1 an address")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, maxLength);
  return { message, ...(err && { err }) };
}
