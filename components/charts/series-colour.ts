/**
 * The same series has the same colour on every page: `seriesColour("active")` is a CSS colour.
 * Known names are fixed here; any other name gets one of the eight by its letters, the same everywhere.
 * In one chart use `seriesColours(names)`: it moves a clash of unknown names to a free colour.
 */
const slot = (number: number) => `var(--series-${number})`;
export const othersColour = slot(8);

/** Series are named by databases, roles and applications: any name may come, `constructor` too. */
const known = new Map(
  Object.entries({
    active: 5,
    running: 5,
    idle: 2,
    "idle in transaction": 1,
    "idle in transaction (aborted)": 7,
    waiting: 6,
    blocked: 6,
    connecting: 4,
    "fastpath function call": 3,
    disabled: 8,
    others: 8,
    other: 8,
    hits: 3,
    hit: 3,
    misses: 6,
    read: 6,
    reads: 6,
    writes: 1,
    joined: 2,
    evictions: 7,
    commits: 3,
    rollbacks: 6,
    table: 5,
    index: 2,
    toast: 1,
    total: 5,
  }),
);

/** "connections.idle_in_transaction" and "idleInTransaction" are the same series as "idle in transaction". */
function plain(name: string): string {
  return (name.split(".").at(-1) ?? name)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}

function slotOf(name: string): number {
  const fixed = known.get(plain(name));
  if (fixed) return fixed;
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return (hash % 7) + 1;
}

export function seriesColour(name: string): string {
  return slot(slotOf(name));
}

/** Colours of the series of one chart; no two alike while there are colours left. */
export function seriesColours(names: readonly string[]): Record<string, string> {
  const taken = new Set<number>();
  const colours: [name: string, colour: string][] = [];
  const isKnown = (name: string) => known.has(plain(name));
  for (const name of [...names.filter(isKnown), ...names.filter((each) => !isKnown(each))]) {
    let wanted = slotOf(name);
    for (let tries = 0; taken.has(wanted) && tries < 8; tries += 1) wanted = (wanted % 8) + 1;
    taken.add(wanted);
    colours.push([name, slot(wanted)]);
  }
  return Object.fromEntries(colours);
}

/** "connections.idle_in_transaction" → "idle in transaction": how a series is called when nobody named it. */
export function seriesLabel(name: string): string {
  return plain(name);
}
