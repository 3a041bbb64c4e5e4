import { setTimeout as sleep } from "node:timers/promises";
import type { ConsoleDb } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import type { Actor } from "./actor.ts";
import { freshActor } from "./fresh-actor.ts";

const everyMs = 3_000;
/** How long an answer may go on while the console database cannot say whether it may. */
const blindMs = 60_000;

export interface PermissionWatch {
  /** Aborts when the actor may no longer: AppError UNAUTHENTICATED or FORBIDDEN; UNAVAILABLE when nobody could tell for a minute. */
  signal: AbortSignal;
  end(): void;
}

/**
 * Looks every three seconds whether an actor still may what takes long: the session or token ended, the person was
 * disabled or has another role. One query by key on the console database each time.
 * @param check throws what `assertCan` or `assertMayAppend` throw
 */
export function watchPermission(
  { db }: Pick<ConsoleDb, "db">,
  actor: Actor,
  check: (actor: Actor) => void,
  options: { everyMs?: number; blindMs?: number } = {},
): PermissionWatch {
  const finished = new AbortController();
  const lost = new AbortController();
  const pause = options.everyMs ?? everyMs;
  async function watch(): Promise<void> {
    let knownAt = performance.now();
    while (!lost.signal.aborted) {
      await sleep(pause, undefined, { signal: finished.signal, ref: false });
      try {
        const late = sleep(pause, undefined, { signal: finished.signal, ref: false }).then(() => {
          throw new Error("no answer in time");
        });
        const fresh = freshActor(db, actor, new Date());
        fresh.catch(() => {});
        const now = await Promise.race([fresh, late]);
        if (!now) throw ended(actor);
        check(now);
        knownAt = performance.now();
      } catch (thrown) {
        if (isRefusal(thrown)) lost.abort(thrown);
        else if (performance.now() - knownAt > (options.blindMs ?? blindMs)) lost.abort(unknown(thrown));
      }
    }
  }
  if (actor.kind !== "system") watch().catch(() => {});
  return { signal: lost.signal, end: () => finished.abort() };
}

function ended({ kind }: Actor): AppError {
  return new AppError(
    "UNAUTHENTICATED",
    kind === "token"
      ? "Its API token was revoked or has expired, or whoever made it was disabled."
      : "Its session was ended or has expired, or the person was disabled.",
  );
}

const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof AppError && (thrown.code === "UNAUTHENTICATED" || thrown.code === "FORBIDDEN");

function unknown(cause: unknown): AppError {
  return new AppError("UNAVAILABLE", "Whether this is still allowed could not be read for a minute.", {
    cause,
  });
}
