import { randomBytes } from "node:crypto";
import { type Drop, everything } from "../types.ts";

export interface Marks {
  /** Undefined until the marks were read from Redis: a drop may have been missed. */
  stampOf(target: string, tags: readonly string[]): string | undefined;
  /** New marks for a drop's tags, as fields of the hash. */
  renew(drop: Drop): Record<string, string>;
  set(fields: Record<string, string>): void;
  /** Takes over the hash that `read` answers, with what is set meanwhile: that may be newer. Answers which drops had not been heard. */
  load(read: () => Promise<Record<string, string>>): Promise<Drop[]>;
  forget(): void;
}

/**
 * Which answers were read before a drop: each tag has a mark that a drop replaces, and an answer carries those of its
 * tags as they were when it was asked. No clock is compared, so processes may disagree about the time.
 */
export function createMarks(): Marks {
  let marks = new Map<string, string>();
  let known = false;
  let loadedBefore = false;
  let meanwhile: Record<string, string> = {};
  return {
    stampOf(target, tags) {
      if (!known) return undefined;
      return [everything, ...tags].map((tag) => marks.get(`${target}/${tag}`) ?? "").join(" ");
    },
    renew: (drop) =>
      Object.fromEntries(
        (drop.tags ?? []).map((tag) => [`${drop.target}/${tag}`, randomBytes(6).toString("base64url")]),
      ),
    set(fields) {
      for (const [field, mark] of Object.entries(fields)) marks.set(field, mark);
      Object.assign(meanwhile, fields);
    },
    async load(read) {
      meanwhile = {};
      const fields = { ...(await read()), ...meanwhile };
      const missed = loadedBefore ? changes(marks, fields) : [];
      marks = new Map(Object.entries(fields));
      known = loadedBefore = true;
      return missed;
    },
    forget() {
      known = false;
    },
  };
}

function changes(before: ReadonlyMap<string, string>, now: Record<string, string>): Drop[] {
  const fields = new Set([...before.keys(), ...Object.keys(now)]);
  return [...fields]
    .filter((field) => before.get(field) !== now[field])
    .map((field) => {
      const at = field.indexOf("/");
      return { target: field.slice(0, at), tags: [field.slice(at + 1)] };
    });
}
