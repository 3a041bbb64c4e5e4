import { type Check, type ObjectState, objectKey } from "../check.ts";

/** Keys of the objects of an answer, in their order. @throws Error: two states of one object are none */
export function objectKeys(check: Check, objects: readonly ObjectState[]): readonly string[] {
  const keys = objects.map(({ object }) => objectKey(object));
  if (new Set(keys).size < keys.length) throw new Error(`${check.id} judges an object twice`);
  return keys;
}
