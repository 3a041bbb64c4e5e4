import { LRUCache } from "lru-cache";

/** Each connection keeps those it was asked, some 20 kB each; the console's own are fewer. */
const most = 500;
/** A text of more is a list written out, and as many texts as it has lengths. */
const mostParameters = 100;

const seen = new LRUCache<string, true>({ max: most });

/**
 * Whether a statement shall have a name, so that the server parses it once a connection and one round trip answers it
 * instead of two: from the second time on that this process asks it. What is asked once, or seldom, is not kept.
 */
export function isPrepared(text: string, parameters: number): boolean {
  if (parameters === 0 || parameters > mostParameters) return false;
  if (seen.get(text)) return true;
  seen.set(text, true);
  return false;
}
