import type { Actor } from "../../auth/actor.ts";
import { AppError } from "../../errors.ts";

/** Streams of one process: each holds a connection and reads what it follows when that changes. */
const mostStreams = 200;
/** A browser has six connections to a host; several tabs of one person share these. */
const mostOfOne = 8;
const retryAfterSeconds = 10;

interface Held {
  actors: string[];
  ending: AbortController;
}

/** Pages and routes have module instances of their own; only globalThis is shared. */
const held = globalThis as typeof globalThis & { auditDashboardStreams?: Held };

function open(): Held {
  held.auditDashboardStreams ??= begin();
  return held.auditDashboardStreams;
}

/** A server that is to end waits for its open connections: streams would never let it. */
function begin(): Held {
  const ending = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ending.abort());
  return { actors: [], ending };
}

/** Aborts when the process is asked to end. */
export function processEnding(): AbortSignal {
  return open().ending.signal;
}

/**
 * A place for one stream, until the answered function is called.
 * @throws AppError RATE_LIMITED, OVERLOADED
 */
export function takeStreamPlace({ kind, id }: Pick<Actor, "kind" | "id">): () => void {
  const { actors } = open();
  const person = `${kind} ${id}`;
  if (actors.filter((one) => one === person).length >= mostOfOne)
    throw new AppError("RATE_LIMITED", `${mostOfOne} streams of yours are open already.`, {
      hint: "Close one, or ask from time to time.",
      retryAfterSeconds,
    });
  if (actors.length >= mostStreams)
    throw new AppError("OVERLOADED", `${mostStreams} streams are open here already.`, {
      hint: "Ask from time to time.",
      retryAfterSeconds,
    });
  actors.push(person);
  let free = false;
  return () => {
    if (free) return;
    free = true;
    actors.splice(actors.indexOf(person), 1);
  };
}
