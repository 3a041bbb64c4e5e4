/** A piece of a text, from one place up to another, and what is shown in its stead. */
export interface Hidden {
  from: number;
  to: number;
  by: string;
}

/** The text with these pieces hidden; where they overlap, all that any of them covers. */
export function hide(text: string, hidden: readonly Hidden[]): string {
  let shown = "";
  let at = 0;
  for (const { from, to, by } of merge(hidden)) {
    shown += text.slice(at, from) + by;
    at = to;
  }
  return shown + text.slice(at);
}

const marks = new Set(["…", "'…'", '"…"']);

function merge(hidden: readonly Hidden[]): Hidden[] {
  const merged: Hidden[] = [];
  for (const next of hidden.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = merged.at(-1);
    if (!last || next.from >= last.to) merged.push({ ...next });
    else if (next.from !== last.from || next.to !== last.to || next.by !== last.by) {
      last.to = Math.max(last.to, next.to);
      // A mark shows nothing; what was written anew may show what the other hides.
      if (!marks.has(last.by)) last.by = "'…'";
    }
  }
  return merged;
}
