/** PostgreSQL 18's keywords that are no plain name everywhere (`pg_get_keywords()`, all but the unreserved). */
const keywords = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
  char character check coalesce collate collation column concurrently constraint create cross current_catalog
  current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable
  desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group
  grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array
  json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value
  lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not
  notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real
  references returning right row select session_user setof similar smallint some substring symmetric system_user table
  tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose
  when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
  xmlserialize xmltable`.split(/\s+/),
);

/** A name as it may stand in a statement, in quotes where it needs them: what the server's quote_ident() answers. */
export function quoteIdentifier(name: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name with its schema, each in quotes where it needs them. */
export function quoteQualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/**
 * What people call a relation: as the server prints a regclass with `public` in the search path. Two relations never
 * have one text, whatever their names hold: `events`, `s1.events`, `"a.b".c`, `a."b.c"`.
 */
export function nameRelation({ schema, name }: { schema: string; name: string }): string {
  return schema === "public" ? quoteIdentifier(name) : quoteQualified(schema, name);
}

/**
 * Reads a name with or without its schema as psql's \d does: what is not in quotes counts in lower case, a dot in
 * quotes separates nothing, two quotes stand for one. What `quoteQualified` and `nameRelation` wrote comes back as it was.
 * @returns schema null when none is named; null for a text that is no such name
 */
export function parseQualified(text: string): { schema: string | null; name: string } | null {
  const parts = [""];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const last = parts.length - 1;
    if (character === '"' && quoted && text[at + 1] === '"') parts[last] += text.charAt(++at);
    else if (character === '"') quoted = !quoted;
    else if (character === "." && !quoted) parts.push("");
    else parts[last] += quoted ? character : character.replace(/[A-Z]/, (letter) => letter.toLowerCase());
  }
  const [first = "", second] = parts;
  if (quoted || parts.length > 2 || parts.includes("")) return null;
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}

const longestNameBytes = 63;

/** A name with something behind it, shortened where the server would cut off just that. */
export function suffixName(name: string, suffix: string): string {
  const letters = [...name];
  while (new TextEncoder().encode(letters.join("") + suffix).length > longestNameBytes) letters.pop();
  return letters.join("") + suffix;
}

/** A text as a literal, as quote_literal() writes it: also where standard_conforming_strings is off. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return quoted.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}
