const maxDepth = 20;

/** Texts that React writes for values JSON has not: a text with a dollar sign, an instant, undefined, odd numbers. */
const special = /^\$(?:\$|D|undefined$|NaN$|-?Infinity$|-0$)/;

/**
 * What about an action's input React could not decode, or null. Pages of ours send JSON data with these few special
 * texts and references to an object that stood before. Any other form makes React wait for parts that never come or
 * fail while it decodes, which Next answers with 500; 32,000 levels overflowed its stack.
 */
export function findInputProblem(text: string): string | null {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return "is no JSON";
  }
  if (!Array.isArray(root)) return "is no list of arguments";
  let level: unknown[] = root;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return `is nested deeper than ${maxDepth} levels`;
    for (const value of level)
      if (typeof value === "string" && value.startsWith("$") && !special.test(value) && !leadsTo(value, root))
        return "refers to what is not there";
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return null;
}

/** `$0:0:1:input`: the path to an object in these arguments. */
function leadsTo(reference: string, root: unknown): boolean {
  const [first, ...path] = reference.split(":");
  if (first !== "$0") return false;
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "object" && value !== null;
}
