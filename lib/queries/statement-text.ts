import { format } from "sql-formatter";

/** One line, comments and repeated spaces gone, at most `maxLength` characters. */
export function oneLine(text: string, maxLength = 400): string {
  const line = withoutComments(text).replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/**
 * The text with what tells one partition from another replaced by `*` (`audit_log_2024_03`, `events_p20240301`,
 * `metric_2024w05` …), so that the same question to each partition reads as one.
 */
export function statementShape(text: string): string {
  return withoutComments(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(
      /(?<=[a-z0-9_"]_)(?:p|y)?(?:19|20)\d\d(?:_?(?:m|q|w)?\d{1,2}){0,3}(?:(?:_?(?:h|t)?\d{2,6})?)(?:_?to_?\d{4,8})?(?=\W|$)/gi,
      "*",
    )
    .replace(/(?<=[a-z0-9_]_)p?\d+(?=\W|$)/gi, "*");
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
