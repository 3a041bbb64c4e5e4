const sharedMs = 2_000;
const maxAnswers = 200;

interface Answer {
  at: number;
  value: Promise<unknown>;
}

const answers = new WeakMap<object, Map<string, Answer>>();

/**
 * One computation for everybody who asks the same within two seconds: the overview adds up every topic, and a
 * hundred people who watch it must not multiply that. A failure is not kept.
 * @param owner whose answers they are, e.g. the process's console database
 */
export function shareAnswer<T>(owner: object, key: string, compute: () => Promise<T>): Promise<T> {
  const kept = answers.get(owner) ?? new Map<string, Answer>();
  answers.set(owner, kept);
  const now = Date.now();
  const known = kept.get(key);
  if (known && now - known.at < sharedMs) return known.value as Promise<T>;
  for (const [old, { at }] of kept) if (now - at >= sharedMs || kept.size >= maxAnswers) kept.delete(old);
  const value = compute();
  kept.set(key, { at: now, value });
  value.catch(() => kept.delete(key));
  return value;
}
