import { pointOf } from "../../audit-db/schema/calendar-cut.ts";
import { renderName } from "../../audit-db/schema/name-template.ts";
import type { KeyCodec } from "./key-codec-types.ts";

/** Texts (and integers read as such) that name a date from the year on, all of one length, so that they sort as dates. */
export function formed(spec: string, form: string): KeyCodec {
  const names: string[] = [];
  const pattern = form
    .replace(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replace(/\{(yyyy|mm|dd|hh|mi|ss)\}/g, (_, name: string) => {
      names.push(name);
      return `(\\d{${name.length}})`;
    });
  const matcher = new RegExp(`^${pattern}$`);
  const encode = (point: bigint) => renderName(form, { table: "", from: point, to: point });
  const decode = (text: string) => {
    const match = matcher.exec(text);
    if (!match) return null;
    const part = (name: string, least: number) => {
      const at = names.indexOf(name);
      return at < 0 ? least : Number(match[at + 1]);
    };
    const seconds = part("hh", 0) * 3_600 + part("mi", 0) * 60 + part("ss", 0);
    const point = pointOf(part("yyyy", 0), part("mm", 1), part("dd", 1), BigInt(seconds) * 1_000_000n);
    // The 31st of February would be read as some day of March.
    return encode(point) === text ? point : null;
  };
  return {
    spec,
    line: "wall",
    decode,
    encode: (point) => {
      const text = encode(point);
      return decode(text) === point ? text : null;
    },
  };
}
