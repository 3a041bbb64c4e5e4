import { LRUCache } from "lru-cache";
import { AppError } from "../errors.ts";

const keptMs = 10_000;
const mostPlans = 100;
/** Of one target, besides the one that is being made. */
const mostWaiting = 3;

interface Target {
  last: Promise<unknown>;
  waiting: number;
}

/** Plans whose making reads tables, for everybody who asks. */
export interface SharedPlans {
  /**
   * The plan of a request in a world: made once for all who ask meanwhile and for ten seconds after; of one target one at
   * a time. A failure is not kept.
   * @param key the request and the world it was asked in
   * @throws AppError OVERLOADED where others wait already; what `make` throws
   */
  share<T>(target: string, key: string, make: () => Promise<T>): Promise<T>;
}

export function createSharedPlans(): SharedPlans {
  const kept = new LRUCache<string, Promise<unknown>>({ max: mostPlans, ttlResolution: 0, perf: Date });
  const targets = new Map<string, Target>();

  async function inTurn<T>(name: string, make: () => Promise<T>): Promise<T> {
    const target = targets.get(name) ?? { last: Promise.resolve(), waiting: 0 };
    targets.set(name, target);
    if (target.waiting > mostWaiting)
      throw new AppError(
        "OVERLOADED",
        "Other plans of this database, which read its tables, are made first.",
        {
          hint: "Ask again in some seconds.",
        },
      );
    target.waiting += 1;
    const made = target.last.catch(() => {}).then(make);
    target.last = made;
    try {
      return await made;
    } finally {
      target.waiting -= 1;
    }
  }

  return {
    share(target, key, make) {
      const whole = `${target} ${key}`;
      const known = kept.get(whole);
      if (known) return known as ReturnType<typeof make>;
      const made = inTurn(target, make);
      // While it is being made it is kept however long that takes.
      kept.set(whole, made);
      made.then(
        () => kept.get(whole) === made && kept.set(whole, made, { ttl: keptMs }),
        () => kept.get(whole) === made && kept.delete(whole),
      );
      return made;
    },
  };
}

const shared = new WeakMap<object, SharedPlans>();

/** Those of one process. @param owner its console's database */
export function sharedPlansOf(owner: object): SharedPlans {
  const plans = shared.get(owner) ?? createSharedPlans();
  shared.set(owner, plans);
  return plans;
}
