import { AppError } from "../errors.ts";

const maxWaiting = 40;
const held = globalThis as typeof globalThis & {
  auditDashboardTurns?: Map<string, { waiting: number; tail: Promise<unknown> }>;
};

/**
 * Runs tasks of one key one after the other within this process.
 * @throws AppError OVERLOADED when forty are waiting already.
 */
export async function inTurn<T>(key: string, task: () => Promise<T>): Promise<T> {
  held.auditDashboardTurns ??= new Map();
  const turns = held.auditDashboardTurns;
  const line = turns.get(key) ?? { waiting: 0, tail: Promise.resolve() };
  if (line.waiting >= maxWaiting) {
    throw new AppError("OVERLOADED", "Too many sign-ins at once. Try again in a moment.");
  }
  turns.set(key, line);
  line.waiting += 1;
  const run = line.tail.then(task, task);
  line.tail = run.catch(() => {});
  try {
    return await run;
  } finally {
    line.waiting -= 1;
    if (line.waiting === 0) turns.delete(key);
  }
}
