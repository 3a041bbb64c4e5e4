import type { MappedField } from "@/lib/requests/webhook/intake-defaults.ts";

/** What a message may say; in the order in which it is told. */
const names: Record<MappedField, true> = {
  kind: true,
  regime: true,
  language: true,
  receivedAt: true,
  reference: true,
  organization: true,
  name: true,
  contact: true,
  letter: true,
  "identifier.id": true,
  "identifier.email": true,
  "identifier.phone": true,
  "identifier.ip": true,
  "identifier.other": true,
};
export const sourceFieldNames = Object.keys(names).join(", ");

type Fields = Partial<Record<MappedField, string>>;

/** "reference: /ticket/id", one a line. */
export function linesOfFields(fields: Fields | undefined): string {
  return Object.entries(fields ?? {})
    .map(([field, pointer]) => `${field}: ${pointer}`)
    .join("\n");
}

/** What lines say, or the first thing that is wrong with them; empty lines say nothing. */
export function fieldsOfLines(text: string): { fields: Fields } | { problem: string } {
  const fields: Fields = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, name = "", pointer = ""] = /^([^:]*):?(.*)$/s.exec(line) ?? [];
    const field = name.trim();
    const wrong = (why: string) => ({ problem: `Line ${index + 1}: ${why}` });
    if (!isMapped(field)) return wrong(`“${field}” is no field. Fields: ${sourceFieldNames}.`);
    if (!pointer.trim().startsWith("/")) return wrong(`${field} needs a JSON pointer, such as /ticket/id.`);
    if (fields[field] !== undefined) return wrong(`${field} stands twice.`);
    fields[field] = pointer.trim();
  }
  return { fields };
}

const isMapped = (field: string): field is MappedField => Object.hasOwn(names, field);
