import type { Logger } from "./log.ts";

const windowMs = 60_000;
const levels = ["debug", "info", "warn", "error"] as const;

/**
 * A logger for what strangers can cause: of each kind (level and message) at most `perMinute` lines a minute, then one
 * line that says how many were left out. Messages are ours, so there are few kinds.
 */
export function limitLines(logger: Logger, perMinute = 20): Logger {
  const kinds = new Map<string, { lines: number }>();

  function admit(level: (typeof levels)[number], message: string): boolean {
    const kind = `${level} ${message}`;
    const seen = kinds.get(kind);
    if (seen) return ++seen.lines <= perMinute;
    const begun = { lines: 1 };
    kinds.set(kind, begun);
    setTimeout(() => {
      kinds.delete(kind);
      const leftOut = begun.lines - perMinute;
      if (leftOut > 0) logger[level]({ leftOut, inSeconds: windowMs / 1_000 }, `more of: ${message}`);
    }, windowMs).unref();
    return true;
  }

  const limited =
    (level: (typeof levels)[number]) =>
    (first: unknown, message?: unknown, ...rest: unknown[]) => {
      const text = typeof first === "string" ? first : typeof message === "string" ? message : "";
      if (admit(level, text)) logger[level](first as object, message as string, ...rest);
    };
  return Object.fromEntries(levels.map((level) => [level, limited(level)])) as unknown as Logger;
}
