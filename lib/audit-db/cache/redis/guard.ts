import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from "cockatiel";
import { AppError } from "../../../errors.ts";
import type { SharedCacheStats } from "../types.ts";
import type { RedisClient } from "./connect-redis.ts";
import { explainRefusal, isReply } from "./explain-refusal.ts";

const defaultSoftTimeoutMs = 100;
const probeEveryMs = 1_000;
const notYet = "not connected yet";

export interface Guard {
  /**
   * What the command answers, or undefined. While Redis is away or has just failed nothing is asked and nobody waits:
   * one probe a second finds out whether it is back.
   */
  attempt<T>(command: (client: RedisClient) => Promise<T>, timeoutMs?: number): Promise<T | undefined>;
  /** The same for what must have happened. @throws AppError UNAVAILABLE: why it has not, in Redis's own words if it gave any */
  demand<T>(command: (client: RedisClient) => Promise<T>, timeoutMs?: number): Promise<T>;
  up(): boolean;
  counts(): Pick<SharedCacheStats, "state" | "since" | "reason" | "skipped" | "timeouts" | "errors">;
  close(): void;
}

class TimedOut extends Error {}

/**
 * Stands before a Redis that may be down, or worse: slow. Connects on the first attempt.
 * @param softTimeoutMs what a request gives Redis at most
 */
export function createGuard(client: RedisClient, softTimeoutMs = defaultSoftTimeoutMs): Guard {
  const counters = { skipped: 0, timeouts: 0, errors: 0 };
  let since = new Date();
  let began = false;
  let reason: string | null = notYet;
  let probe: NodeJS.Timeout | undefined;
  let closed = false;
  // One failure is enough: the next caller must not wait for the same again. A refused command is an answer.
  const breaker = circuitBreaker(
    handleWhen((thrown) => !isReply(thrown)),
    { breaker: new ConsecutiveBreaker(1), halfOpenAfter: probeEveryMs * 0.9 },
  );
  const up = () => client.status === "ready" && breaker.state === CircuitState.Closed;
  const changed = (why: string | null) => {
    if ((why === null) !== (reason === null)) since = new Date();
    reason = why;
  };
  client.on("ready", () => {
    if (breaker.state === CircuitState.Closed) changed(null);
  });
  client.on("close", () => {
    if (reason === null) changed("the connection is lost");
  });
  client.on("error", (error: Error) => changed(explain(error)));
  breaker.onBreak(() => {
    changed(`no answer within ${softTimeoutMs} ms`);
    probeLater();
  });
  breaker.onReset(() => changed(null));

  function probeLater(): void {
    clearTimeout(probe);
    if (closed) return;
    probe = setTimeout(() => {
      if (client.status !== "ready") return probeLater();
      breaker
        .execute(() => within(softTimeoutMs, client.ping()))
        .catch(() => {
          // Commands that a hung server never answers would wait in the client for ever.
          if (!closed && client.status === "ready") client.disconnect(true);
          probeLater();
        });
    }, probeEveryMs);
    probe.unref();
  }

  async function demand<T>(
    command: (client: RedisClient) => Promise<T>,
    timeoutMs = softTimeoutMs,
  ): Promise<T> {
    if (closed) throw new AppError("UNAVAILABLE", "The connections to Redis are closed.");
    if (!began) {
      began = true;
      client.connect().catch(() => {});
    }
    if (!up()) {
      counters.skipped++;
      throw new AppError("UNAVAILABLE", `Redis does not answer: ${reason ?? "the connection is lost"}.`);
    }
    try {
      return await breaker.execute(() => within(timeoutMs, command(client)));
    } catch (thrown) {
      if (thrown instanceof TimedOut) counters.timeouts++;
      else counters.errors++;
      if (isReply(thrown)) throw explainRefusal(thrown);
      const why = thrown instanceof TimedOut ? `no answer within ${timeoutMs} ms` : "the connection failed";
      throw new AppError("UNAVAILABLE", `Redis does not answer: ${why}.`, { cause: thrown });
    }
  }

  return {
    attempt: (command, timeoutMs) => demand(command, timeoutMs).catch(() => undefined),
    demand,
    up,
    counts: () => ({
      ...counters,
      state: up() ? "up" : reason === notYet ? "connecting" : "down",
      since,
      reason: up() ? null : reason,
    }),
    close() {
      closed = true;
      clearTimeout(probe);
    },
  };
}

/** Neither addresses nor passwords: they stand in the message of some errors. */
function explain(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED") return "nothing listens at that host and port";
  if (code === "ENOTFOUND") return "the host name is not known";
  if (code === "ETIMEDOUT") return "the server does not answer";
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(error.message)) return "the server refused the user or password";
  if (/^LOADING/.test(error.message)) return "the server is still loading its data";
  return "the connection failed";
}

/** Leaves the command to its fate when it takes too long. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  work.catch(() => {});
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        // Where this process was busy itself, the answer may have come and only not been read yet.
        timer = setTimeout(() => setImmediate(() => reject(new TimedOut())), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
