import { format } from "sql-formatter";

/** One line, comments and repeated spaces gone, at most `maxLength` characters. */
export function oneLine(text: string, maxLength = 400): string {
  const line = withoutComments(text).replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** `_2024_03`, `_p20240301`, `_y2024m03d01`, `_2024w05`, `_2024_01_to_2024_02` at the end of a name: four digits or more. */
const dateSuffix = /(?<=[a-z0-9]_)(?=(?:[a-z_]*\d){4})(?:(?:to_?|[pymdqwh])?\d+_?)+(?!\w)/gi;
const tableName = /\b(?:from|join|into|update|only|using)\s+(?:"?\w+"?\.)?"?(\w+?_p?)(\d{1,3})\b/gi;

/**
 * The text with what tells one partition from another replaced by `*`, so that the same question to each
 * partition reads as one. Short numbers (`shard_17`) count only in names that stand where a table stands.
 */
export function statementShape(text: string): string {
  let shape = withoutComments(text).replace(/\s+/g, " ").trim().replace(dateSuffix, "*");
  for (const [, stem = "", number = ""] of shape.matchAll(tableName)) {
    shape = shape.replaceAll(new RegExp(`\\b${stem}${number}\\b`, "g"), `${stem}*`);
  }
  return shape;
}

/** Comments outside literals and quoted identifiers removed. */
export function withoutComments(text: string): string {
  return text.replace(
    /('(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z_]\w*)?\$[\s\S]*?\$\2\$)|--[^\n]*|\/\*[\s\S]*?\*\//gi,
    (_whole, kept: string | undefined) => kept ?? " ",
  );
}

/** Formatted for reading; a text the formatter cannot read, or a very long one, stays as it is. */
export function formatStatement(text: string): string {
  if (text.length > 50_000) return text;
  try {
    return format(text, { language: "postgresql", keywordCase: "upper", tabWidth: 2 });
  } catch {
    return text;
  }
}
