/**
 * <SqlBlock sql={text} />: mono, lightly coloured, with a copy button; scrolls past `maxHeight` pixels.
 * Does not reformat: give it formatted text.
 */

import { colouredSql, type SqlColour } from "./coloured-sql.ts";
import { CopyButton } from "./copy-button.tsx";

const colours: Record<SqlColour, string> = {
  keyword: "text-accent",
  string: "text-ok",
  number: "text-notice",
  comment: "text-faint italic",
  parameter: "text-warning",
  plain: "",
};

export function SqlBlock({
  sql,
  maxHeight,
  label = "Copy SQL",
}: {
  sql: string;
  maxHeight?: number;
  label?: string;
}) {
  return (
    <div
      className="min-w-0 overflow-auto rounded-md border border-hairline bg-inset text-left"
      style={maxHeight ? { maxHeight } : undefined}
    >
      <div className="sticky top-1.5 float-right mr-1.5 rounded-md bg-inset">
        <CopyButton text={sql} label={label} />
      </div>
      <pre className="py-2.5 pl-3 font-mono text-xs leading-[18px] break-words whitespace-pre-wrap">
        <code>{coloured(sql)}</code>
      </pre>
    </div>
  );
}

function coloured(sql: string) {
  let at = 0;
  return colouredSql(sql).map((token) => {
    const key = at;
    at += token.text.length;
    return token.kind === "plain" ? (
      token.text
    ) : (
      <span key={key} className={colours[token.kind]}>
        {token.text}
      </span>
    );
  });
}
