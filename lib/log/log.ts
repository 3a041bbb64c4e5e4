import { type DestinationStream, type LoggerOptions, type Logger as PinoLogger, pino } from "pino";
import { describeError } from "./log-error.ts";

export type Logger = Pick<PinoLogger, "debug" | "info" | "warn" | "error">;
/** One a process; its parts get children. */
export type ProcessLogger = Logger & Pick<PinoLogger, "child">;

/** Field paths whose values never reach a log line. */
const secrets = [
  "password",
  "*.password",
  "url",
  "*.url",
  "token",
  "*.token",
  "secret",
  "*.secret",
  "authorization",
  "cookie",
];

/**
 * A JSON-lines logger on standard output (or pretty on a terminal when `pretty`). Connection URLs are redacted, errors told as `describeError` does.
 * @param to where its lines go instead
 */
export function createLogger(
  options: { level: string; name: string; pretty?: boolean },
  to?: DestinationStream,
): ProcessLogger {
  const settings: LoggerOptions = {
    level: options.level,
    name: options.name,
    base: { pid: process.pid },
    redact: { paths: secrets, censor: "[redacted]" },
    serializers: { err: (thrown: unknown) => describeError(thrown) },
    ...(options.pretty && {
      transport: {
        target: "pino-pretty",
        options: { ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss" },
      },
    }),
  };
  return to ? pino(settings, to) : pino(settings);
}
