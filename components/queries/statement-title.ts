/** "SELECT audit_log", "INSERT INTO event": the verb and the first table, what people call a statement. */
export function statementTitle(text: string | null): string {
  if (!text) return "Statement whose text is not known";
  const plain = text
    .replace(/\/\*[\s\S]*?\*\/|--[^\n]*/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const verb = /^[a-z]+/i.exec(plain)?.[0]?.toUpperCase() ?? "Statement";
  const table =
    /\b(?:from|into|update|table|join)\s+(?:only\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)/i.exec(
      plain,
    )?.[1];
  if (!table || /^(select|lateral|unnest|generate_series|now)$/i.test(table)) return verb;
  return verb === "INSERT"
    ? `INSERT INTO ${table}`
    : verb === "DELETE"
      ? `DELETE FROM ${table}`
      : `${verb} ${table}`;
}
