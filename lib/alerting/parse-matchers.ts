import { AppError } from "../errors.ts";
import { labelNames } from "./labels.ts";
import { type Matcher, matcherInput } from "./matcher.ts";

/** A label, an operator, and a value bare or in quotes: `check~replication.*`, `object="a b"`. */
const written = /\s*([a-z]+)(!=|!~|=|~)(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*|))(?=\s|$)/y;

/** Matchers as `matchersInWords` writes them. @throws AppError BAD_INPUT that says how they are written */
export function parseMatchers(text: string): Matcher[] {
  const found: Matcher[] = [];
  written.lastIndex = 0;
  let rest = text;
  while (rest.trim() !== "" && rest.trim() !== "everything") {
    const [whole, label, is, quoted, bare] = written.exec(text) ?? [];
    const parsed = matcherInput.safeParse({ label, is, value: quoted?.replace(/\\(.)/g, "$1") ?? bare });
    if (whole === undefined || !parsed.success)
      throw new AppError("BAD_INPUT", `"${rest.trim()}" is no condition on a label.`, {
        hint: `Write label, operator and value, such as check~replication.* severity=critical. Labels: ${labelNames.join(", ")}; operators: =, !=, ~ and !~ (with * for any text).`,
      });
    found.push(parsed.data);
    rest = text.slice(written.lastIndex);
  }
  return found;
}
