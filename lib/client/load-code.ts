import { notices } from "./notices.ts";

/** Milliseconds between tries. */
const againMs = 1_000;
/** Refused as often by a console that answers, the code is of a build that is no longer served. */
const refusedMost = 3;

interface Surroundings {
  answers: () => Promise<boolean>;
  wait: (milliseconds: number) => Promise<void>;
}

/**
 * Code of a part that is loaded when it is first shown. A rejected import would end the whole page: while the console
 * is away it is asked for again, and the part stays as it is while loading.
 */
export async function loadCode<M>(
  load: () => Promise<M>,
  { answers, wait }: Surroundings = { answers: consoleAnswers, wait: pause },
): Promise<M> {
  for (let refused = 0; ; ) {
    try {
      return await load();
    } catch {
      if ((await answers()) && ++refused === refusedMost) notices.reload();
      await wait(againMs);
    }
  }
}

/** Whether the console answers at all. */
export async function consoleAnswers(): Promise<boolean> {
  try {
    return (await fetch("/api/health/live", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
