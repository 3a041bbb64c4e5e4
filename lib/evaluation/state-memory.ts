import { isDeepStrictEqual } from "node:util";
import { type Check, isSameObject, type ObjectState } from "../check.ts";
import { objectKeys } from "./object-keys.ts";

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
  changed: readonly number[];
  /** Keys that a complete answer does not name. */
  gone: string[];
  /** Keys that an incomplete one does not name, of those that were confirmed. */
  unseen: string[];
  /** What stands then. */
  known: KnownObjects;
}

/** An answer beside what stood when it came. */
export interface Compared {
  /** Of its objects, in their order. */
  keys: readonly string[];
  /** Where it names the same objects in the same order: places of those that changed since. */
  differs?: { from: KnownObjects; changed: readonly number[] };
}

/** One check as it was written. */
export interface Remembered {
  evaluatedAt: Date;
  /** When it last answered. */
  repliedAt: Date | null;
  known: KnownObjects;
}

/**
 * What the leading evaluator wrote of a target, so that it writes only what changes: of 60,000 states 1 % do from one round
 * to the next, and writing all of them cost twelve times the CPU of Prometheus evaluating as many series. It holds for a
 * check as long as nobody else wrote its evaluation.
 */
export class StateMemory {
  readonly #byCheck = new Map<string, Remembered>();

  /** What stands, where the stored evaluation is the one that was written from here. */
  recall(checkId: string, evaluatedAt: Date | undefined): KnownObjects | undefined {
    const kept = this.#byCheck.get(checkId);
    return kept && kept.evaluatedAt.getTime() === evaluatedAt?.getTime() ? kept.known : undefined;
  }

  /** The evaluations that were written last, where these checks are all of them and of one moment. */
  standing(
    checkIds: readonly string[],
  ): { evaluatedAt: Date; byCheck: ReadonlyMap<string, Remembered> } | null {
    const evaluatedAt = this.#byCheck.get(checkIds[0] ?? "")?.evaluatedAt;
    if (!evaluatedAt || checkIds.length !== this.#byCheck.size) return null;
    const alike = checkIds.every(
      (id) => this.#byCheck.get(id)?.evaluatedAt.getTime() === evaluatedAt.getTime(),
    );
    return alike ? { evaluatedAt, byCheck: this.#byCheck } : null;
  }

  /**
   * Compares an answer with what stands while its objects are at hand: where it names the same ones in the same order as
   * the last, its keys are the very same array, so that neither keys nor their places are made anew (a third of what 60,000
   * states cost a worker).
   * @throws Error when the answer names an object twice
   */
  compare(check: Check, objects: readonly ObjectState[]): Compared {
    const from = this.#byCheck.get(check.id)?.known;
    if (from?.keys.length !== objects.length) return { keys: objectKeys(check, objects) };
    const changed: number[] = [];
    for (let place = 0; place < objects.length; place += 1) {
      const [old, state] = [from.states[place] as ObjectState, objects[place] as ObjectState];
      if (!isSameObject(state.object, old.object)) return { keys: objectKeys(check, objects) };
      if (!isSame(old, state)) changed.push(place);
    }
    return { keys: from.keys, differs: { from, changed } };
  }

  keep(checkId: string, what: Remembered): void {
    this.#byCheck.set(checkId, what);
  }

  forget(): void {
    this.#byCheck.clear();
  }
}

/** What differs of an answer that was compared already follows from that, as long as nothing else stands by now. */
export function differ(
  answer: Compared & { objects: readonly ObjectState[]; complete: boolean },
  before: KnownObjects,
): Difference {
  const { objects, differs } = answer;
  if (differs?.from !== before || before.others.size > 0) return differByKey(answer, before);
  const { changed } = differs;
  if (changed.length === 0) return { changed, gone: [], unseen: [], known: before };
  const states = [...before.states];
  for (const place of changed) states[place] = copyOf(objects[place] as ObjectState);
  return { changed, gone: [], unseen: [], known: { ...before, states } };
}

/** What checks make is forgotten with its round: where it all survived the first, V8 would make it for a long life ever after. */
const copyOf = (state: ObjectState): ObjectState => ({
  ...state,
  object: { ...state.object },
  words: { ...state.words },
});

function differByKey(
  { keys, objects, complete }: Parameters<typeof differ>[0],
  before: KnownObjects,
): Difference {
  const places = new Map(before.keys.map((key, place) => [key, place]));
  const states: ObjectState[] = [];
  const changed: number[] = [];
  for (const [place, state] of objects.entries()) {
    const old = before.states[places.get(keys[place] ?? "") ?? -1];
    const stays = old !== undefined && isSameObject(old.object, state.object) && isSame(old, state);
    states.push(stays ? old : copyOf(state));
    if (!stays) changed.push(place);
  }
  const left = new Map(before.others);
  for (const key of places.keys()) left.set(key, true);
  if (left.size > 0) for (const key of keys) left.delete(key);
  const unseen = complete ? [] : [...left].flatMap(([key, confirmed]) => (confirmed ? [key] : []));
  const others = new Map(complete ? [] : [...left.keys()].map((key) => [key, false]));
  return { changed, gone: complete ? [...left.keys()] : [], unseen, known: { keys, states, others } };
}

/** Of one object; without `since`, which stays while the state does. */
function isSame(one: ObjectState, other: ObjectState): boolean {
  return (
    one.state === other.state &&
    one.value === other.value &&
    one.path === other.path &&
    one.words.title === other.words.title &&
    one.words.detail === other.words.detail &&
    one.threshold?.warning === other.threshold?.warning &&
    one.threshold?.critical === other.threshold?.critical &&
    isAlike(one.words.mends, other.words.mends) &&
    isAlike(one.unavailable, other.unavailable)
  );
}

const isAlike = (one: unknown, other: unknown): boolean => one === other || isDeepStrictEqual(one, other);
