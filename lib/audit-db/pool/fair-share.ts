import { AppError } from "../../errors.ts";

export interface FairShare {
  /**
   * Runs a task when it is its person's turn.
   * @throws AppError RATE_LIMITED when too many of this person's wait, OVERLOADED when no place became free in time; what
   * the task threw
   */
  run<T>(person: string, task: () => Promise<T>): Promise<T>;
}

export interface FairShareOptions {
  /** What is shared, as people call several of it: "searches". */
  things: string;
  /** How many may run at once, all together; asked anew each time, at least 1. */
  places(): number;
  /** How many of one person may wait. */
  lineLimit: number;
  patienceMs: number;
}

/**
 * Places that people take turns at: one person never has more than half of them, whatever else they ask waits in a line of
 * their own, and the next place goes to the person whose turn is longest ago. A bulkhead for each (cockatiel's) would bound
 * each but leave who comes next to the order of arrival.
 */
export function createFairShare({ things, places, lineLimit, patienceMs }: FairShareOptions): FairShare {
  const running = new Map<string, number>();
  /** In the order in which they get the next place. */
  const lines = new Map<string, Set<() => void>>();
  let total = 0;
  const most = () => Math.ceil(places() / 2);
  const runningOf = (person: string) => running.get(person) ?? 0;

  function giveFreePlaces(): void {
    while (total < places()) {
      const next = [...lines].find(([person]) => runningOf(person) < most());
      if (!next) return;
      const [person, line] = next;
      const [first] = line;
      leaveLine(person, first as () => void);
      // Whoever else of this person waits stands behind everybody now.
      if (lines.delete(person)) lines.set(person, line);
      begin(person);
      first?.();
    }
  }

  function begin(person: string): void {
    total++;
    running.set(person, runningOf(person) + 1);
  }

  function end(person: string): void {
    total--;
    const left = runningOf(person) - 1;
    if (left > 0) running.set(person, left);
    else running.delete(person);
    giveFreePlaces();
  }

  function leaveLine(person: string, waiter: () => void): void {
    const line = lines.get(person);
    line?.delete(waiter);
    if (line?.size === 0) lines.delete(person);
  }

  function waitInLine(person: string): Promise<void> {
    const line = lines.get(person) ?? new Set();
    if (line.size >= lineLimit) throw tooMany(runningOf(person), line.size);
    lines.set(person, line);
    return new Promise((resolve, reject) => {
      const waiter = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        leaveLine(person, waiter);
        reject(noPlace());
      }, patienceMs);
      line.add(waiter);
      giveFreePlaces();
    });
  }

  const tooMany = (now: number, waiting: number) =>
    new AppError("RATE_LIMITED", `${now} of your ${things} run and ${waiting} wait already.`, {
      hint: "Wait until they have ended, or narrow them: a shorter time range, an organisation or an actor.",
      retryAfterSeconds: Math.ceil(patienceMs / 1_000),
    });
  const noPlace = () =>
    new AppError("OVERLOADED", `No place for this became free within ${patienceMs / 1_000} s.`, {
      hint: `Your other ${things} or those of others still run. Try again in a moment, with a shorter time range.`,
    });

  return {
    async run(person, task) {
      await waitInLine(person);
      try {
        return await task();
      } finally {
        end(person);
      }
    },
  };
}
