import { isDeepStrictEqual } from "node:util";
import type { ObjectState } from "../check.ts";

/** What stands of one check's objects by key; `state` is null where only the key is known. */
export type KnownObjects = ReadonlyMap<string, { state: ObjectState | null; confirmed: boolean }>;

/** How an answer differs from what stands. */
export interface Difference {
  /** Places in the answer whose row is new or has changed. */
  changed: number[];
  /** Keys that a complete answer does not name. */
  gone: string[];
  /** Keys that an incomplete one does not name, of those that were confirmed. */
  unseen: string[];
  /** What stands then. */
  known: KnownObjects;
}

/**
 * What the leading evaluator wrote of a target, so that it writes only what changes: of 60,000 states 1 % do from one round
 * to the next, and writing all of them cost twelve times the CPU of Prometheus evaluating as many series. It holds for a
 * check as long as nobody else wrote its evaluation.
 */
export class StateMemory {
  readonly #byCheck = new Map<string, { evaluatedAt: number; known: KnownObjects }>();

  /** What stands, where the stored evaluation is the one that was written from here. */
  recall(checkId: string, evaluatedAt: Date | undefined): KnownObjects | undefined {
    const kept = this.#byCheck.get(checkId);
    return kept && kept.evaluatedAt === evaluatedAt?.getTime() ? kept.known : undefined;
  }

  keep(checkId: string, evaluatedAt: Date, known: KnownObjects): void {
    this.#byCheck.set(checkId, { evaluatedAt: evaluatedAt.getTime(), known });
  }

  forget(): void {
    this.#byCheck.clear();
  }
}

/** Compares an answer with what stands. */
export function differ(
  answer: { keys: readonly string[]; objects: readonly ObjectState[]; complete: boolean },
  before: KnownObjects,
): Difference {
  const { keys, objects, complete } = answer;
  const known = new Map<string, { state: ObjectState | null; confirmed: boolean }>();
  const changed: number[] = [];
  for (const [place, state] of objects.entries()) {
    const key = keys[place] ?? "";
    const old = before.get(key);
    if (old?.confirmed && old.state && isSame(old.state, state)) {
      known.set(key, old);
      continue;
    }
    changed.push(place);
    known.set(key, { state, confirmed: true });
  }
  const gone: string[] = [];
  const unseen: string[] = [];
  for (const [key, old] of before) {
    if (known.has(key)) continue;
    if (complete) gone.push(key);
    else {
      if (old.confirmed) unseen.push(key);
      known.set(key, old.confirmed ? { ...old, confirmed: false } : old);
    }
  }
  return { changed, gone, unseen, known };
}

/** Without `since`, which stays while the state does. */
function isSame(one: ObjectState, other: ObjectState): boolean {
  return (
    one.state === other.state &&
    one.value === other.value &&
    one.path === other.path &&
    one.words.title === other.words.title &&
    one.words.detail === other.words.detail &&
    one.threshold?.warning === other.threshold?.warning &&
    one.threshold?.critical === other.threshold?.critical &&
    (one.object === other.object || isDeepStrictEqual(one.object, other.object)) &&
    isDeepStrictEqual(one.words.mends, other.words.mends) &&
    isDeepStrictEqual(one.unavailable, other.unavailable)
  );
}
