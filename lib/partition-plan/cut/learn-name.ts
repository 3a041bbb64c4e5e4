import { momentFields, type NameParts, renderName } from "../../audit-db/schema/name-template.ts";

/** A partition's name beside its bounds, on the line that is cut. */
export interface NamedStretch {
  name: string;
  from: bigint;
  to: bigint;
}

const looksAt = 12;
const enough = 0.6;
/** More ways to read the digits of one name than any real one has. */
const mostTemplates = 2_000;

/**
 * The pattern that the newest partitions' names follow, e.g. `{table}_{yyyy}_{mm}`: `{table}` is the name of the table
 * itself, the rest fields of the lower bound, or `{to_…}` of the upper. `{n}` is a number that goes on counting.
 * @param siblings oldest first
 * @param hasClock false where bounds are plain numbers
 * @returns null where six in ten of them follow none
 */
export function learnName(
  table: string,
  siblings: readonly NamedStretch[],
  hasClock: boolean,
): string | null {
  const recent = siblings.slice(-looksAt);
  const candidates = [
    ...new Set(recent.slice(-3).flatMap((sibling) => templatesOf(table, sibling, hasClock))),
  ]
    .map((template) => ({
      template,
      follow: recent.filter((other, i) => isNamedBy(template, table, other, recent[i - 1])).length,
    }))
    // One name alone counts nothing.
    .filter(({ template }) => recent.length > 1 || !template.includes("{n}"))
    .filter(({ follow }) => follow > 0 && follow >= recent.length * enough)
    .toSorted((a, b) => b.follow - a.follow || oddityOf(a.template) - oddityOf(b.template));
  const [best] = candidates;
  if (!best || tellsAll.test(best.template)) return best?.template ?? null;
  // Months that look like a number that goes on counting are months.
  return (
    candidates.find(({ template }) => tellsAll.test(template) && !template.includes("{n}"))?.template ?? null
  );
}

/** One name as a pattern by the fields of its bounds, nothing else being known; null where it has none. */
export function readsAs(table: string, named: NamedStretch, hasClock: boolean): string | null {
  const templates = templatesOf(table, named, hasClock).filter((template) => !template.includes("{n}"));
  const best = templates.toSorted((a, b) => oddityOf(a) - oddityOf(b))[0];
  return best?.includes("{") ? best : null;
}

/** Without a year, a number or a bound two of them would have one name. */
const tellsAll = /\{(?:to_)?(?:yyyy|iyyy|yy|from|to|n)\}/;

/** Digits that stay as they are weigh most, then what no person would mean: a month twice, a week's number with its first day's year. */
function oddityOf(template: string): number {
  const fields: string[] = template.match(/\{\w+\}/g) ?? [];
  const literal = template.replace(/\{\w+\}/g, "").replace(/\D/g, "").length;
  const repeated = fields.length - new Set(fields).size;
  const mixedWeek = fields.includes("{ww}") === fields.includes("{iyyy}") ? 0 : 1;
  const others = fields.filter((name) => name === "{n}" || name.startsWith("{to")).length;
  return literal * 10 + (repeated + mixedWeek + others) * 2 + (fields.includes("{table}") ? 0 : 1);
}

/** The next number that `{n}` stands for; 1 where no name carries one. */
export function nextNumber(table: string, template: string, names: readonly string[]): bigint {
  const [before = "", after = ""] = template.replaceAll("{table}", table).split("{n}");
  let highest = 0n;
  for (const name of names) {
    const digits = name.slice(before.length, after ? -after.length : undefined);
    if (!name.startsWith(before) || !name.endsWith(after) || !/^\d{1,18}$/.test(digits)) continue;
    if (BigInt(digits) > highest) highest = BigInt(digits);
  }
  return highest + 1n;
}

function isNamedBy(
  template: string,
  table: string,
  { name, from, to }: NamedStretch,
  before?: NamedStretch,
): boolean {
  const next = template.includes("{n}") ? numberIn(template, table, name) : undefined;
  if (next === null) return false;
  if (next !== undefined && before) {
    const previous = numberIn(template, table, before.name);
    if (previous !== null && previous >= next) return false;
  }
  const parts: NameParts = { table, from, to, ...(next !== undefined && { next }) };
  return renderName(template, parts) === name;
}

function numberIn(template: string, table: string, name: string): bigint | null {
  const next = nextNumber(table, template, [name]);
  return next > 1n ? next - 1n : null;
}

/** Every way to read a name's digits and months as fields of its bounds, those of the lower bound first. */
function templatesOf(table: string, named: NamedStretch, hasClock: boolean): string[] {
  const at = named.name.indexOf(table);
  // The table's own name may have the year in it, as that of a year that is cut into months.
  const plain = templatesAround(-1, table, named, hasClock);
  return at < 0 ? plain : [...templatesAround(at, table, named, hasClock), ...plain];
}

function templatesAround(
  at: number,
  table: string,
  { name, from, to }: NamedStretch,
  hasClock: boolean,
): string[] {
  const rest = at < 0 ? [name] : [name.slice(0, at), name.slice(at + table.length)];
  const pieces = rest.map((text) =>
    text.split(/(\d+|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?![a-z]))/),
  );
  const readings = pieces.map((parts) =>
    parts.map((text, i) => (i % 2 === 0 ? [text] : [...readRun(text, from, to, hasClock), text])),
  );
  let templates = [""];
  for (const [i, parts] of readings.entries()) {
    if (i > 0) templates = templates.map((template) => `${template}{table}`);
    for (const choices of parts)
      templates = templates
        .flatMap((before) => choices.map((choice) => before + choice))
        .slice(0, mostTemplates);
  }
  // A counter twice says nothing of either.
  return templates.filter((template) => template.split("{n}").length <= 2);
}

/** A run of digits as fields that follow each other, e.g. `{yyyy}{mm}{dd}`. */
function readRun(text: string, from: bigint, to: bigint, hasClock: boolean): string[] {
  const whole = [
    ...(text === String(from) ? ["{from}"] : []),
    ...(text === String(to) ? ["{to}"] : []),
    ...(text.length <= 9 && /^\d+$/.test(text) ? ["{n}"] : []),
  ];
  if (!hasClock) return whole;
  const read = (left: string, prefix: string, point: bigint): string[] => {
    if (left === "") return [""];
    const found: string[] = [];
    for (const [field, render] of Object.entries(momentFields)) {
      const value = render(point);
      if (!left.startsWith(value)) continue;
      // Fields without a fixed width, and half a year, stand alone or name what nobody means.
      if (left !== text && /^(yy|m|d|q|mon)$/.test(field)) continue;
      for (const after of read(left.slice(value.length), prefix, point))
        found.push(`{${prefix}${field}}${after}`);
    }
    return found;
  };
  return [...read(text, "", from), ...read(text, "to_", to), ...whole];
}
