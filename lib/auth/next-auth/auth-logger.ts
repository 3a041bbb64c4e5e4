import type { LoggerInstance } from "next-auth";
import type { Logger } from "../../log/log.ts";

/** next-auth's lines in our log. Their metadata holds requests and tokens: the code and the error's own text must do. */
export function authLogger(logger: Pick<Logger, "warn" | "debug">): LoggerInstance {
  return {
    error: (code, metadata) => logger.warn({ code, reason: reasonOf(metadata) }, "next-auth"),
    warn: (code) => logger.debug({ code }, "next-auth"),
    debug: () => {},
  };
}

function reasonOf(metadata: unknown): string | undefined {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown } | null)?.error;
  return error instanceof Error ? error.message : undefined;
}
