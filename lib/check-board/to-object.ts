import type { StoredState } from "../evaluation/read-states.ts";
import { nameObject } from "./name-object.ts";
import type { StandingObject } from "./types.ts";

/** An object as it was stored, as lists show it. */
export function toObject(stored: StoredState): StandingObject {
  const { objectKey, object, state, value, since, confirmed, words, path, unavailable } = stored;
  return {
    key: objectKey,
    name: nameObject(object),
    state,
    value,
    since,
    confirmed,
    ...words,
    path,
    unavailable,
  };
}
