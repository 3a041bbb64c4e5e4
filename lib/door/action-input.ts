const maxDepth = 12;
/** More than sixty reads with filters, or a thousand ids. */
const maxValues = 5_000;

/** Texts that React writes for values JSON has not: a text with a dollar sign, an instant, undefined, odd numbers. */
const special = /^\$(?:\$|D|undefined$|NaN$|-?Infinity$|-0$)/;

/**
 * What about an action's input React could not decode, or no page of ours sends; null when it is fine. Pages send JSON
 * data with these few special texts, and references to an object that stood before. Any other form makes React wait for
 * parts that never come or fail while it decodes, which Next answers with 500; 32,000 levels overflowed its stack. What
 * is referred to counts at each place, so that 64 kB cannot be a tree without end.
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
  let values = 0;
  for (let depth = 1; level.length > 0; depth++) {
    values += level.length;
    if (depth > maxDepth) return `is nested deeper than ${maxDepth} levels`;
    if (values > maxValues) return `holds more than ${maxValues} values`;
    const meant = level.map((value) => (isReference(value) ? resolve(value, root) : value));
    if (meant.includes(undefined)) return "refers to what is not there";
    level = meant.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return null;
}

function isReference(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("$") && !special.test(value);
}

/** `$0:0:1:input`: the path to an object in these arguments. */
function resolve(reference: string, root: unknown): object | undefined {
  const [first, ...path] = reference.split(":");
  let value: unknown = first === "$0" ? root : undefined;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === "object" && value !== null ? value : undefined;
}
