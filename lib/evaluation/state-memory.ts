import { isDeepStrictEqual } from "node:util";
import { type Check, isSameObject, type ObjectState } from "../check.ts";
import { objectKeys } from "./evaluate-check.ts";

/** What stands of one check's objects. */
export interface KnownObjects {
  /** Of the objects that the last answer named, in its order. */
  keys: readonly string[];
  /** How these stand. */
  states: readonly ObjectState[];
  /** Rows of which only the key is known, or that the last answer did not name: whether an answer has confirmed them. */
  others: ReadonlyMap<string, boolean>;
}

export const nothingKnown: KnownObjects = { keys: [], states: [], others: new Map() };

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

  /**
   * Keys of the objects of an answer: where it names the same ones in the same order as the last, the very same array, so
   * that neither keys nor their places are made anew (a third of what 60,000 states cost a worker).
   * @throws Error when the answer names an object twice
   */
  keysOf(check: Check, objects: readonly ObjectState[]): readonly string[] {
    const { keys, states } = this.#byCheck.get(check.id)?.known ?? nothingKnown;
    const alike =
      keys.length === objects.length &&
      objects.every(({ object }, place) => isSameObject(object, states[place]?.object));
    return alike ? keys : objectKeys(check, objects);
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
  const places = keys === before.keys ? null : new Map(before.keys.map((key, place) => [key, place]));
  const states: ObjectState[] = [];
  const changed: number[] = [];
  for (const [place, state] of objects.entries()) {
    const old = before.states[places ? (places.get(keys[place] ?? "") ?? -1) : place];
    const stays = old !== undefined && isSame(old, state);
    states.push(stays ? old : state);
    if (!stays) changed.push(place);
  }
  if (!places && before.others.size === 0)
    return { changed, gone: [], unseen: [], known: changed.length === 0 ? before : { ...before, states } };
  const left = new Map(before.others);
  for (const key of places?.keys() ?? []) left.set(key, true);
  if (left.size > 0) for (const key of keys) left.delete(key);
  const unseen = complete ? [] : [...left].flatMap(([key, confirmed]) => (confirmed ? [key] : []));
  const others = new Map(complete ? [] : [...left.keys()].map((key) => [key, false]));
  return { changed, gone: complete ? [...left.keys()] : [], unseen, known: { keys, states, others } };
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
    isSameObject(one.object, other.object) &&
    isAlike(one.words.mends, other.words.mends) &&
    isAlike(one.unavailable, other.unavailable)
  );
}

const isAlike = (one: unknown, other: unknown): boolean => one === other || isDeepStrictEqual(one, other);
