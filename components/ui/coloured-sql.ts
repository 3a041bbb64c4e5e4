import { type SqlToken, sqlTokens } from "@/lib/sql-tokens.ts";

export type SqlColour = "keyword" | "string" | "number" | "comment" | "parameter" | "plain";

const keywords = new Set(
  `select from where group by order having limit offset join left right full inner outer cross lateral on using as
  and or not in is null like ilike between exists any all some case when then else end distinct union intersect
  except insert into values update set delete returning with recursive create alter drop table index view schema
  extension grant revoke to role user database partition of for attach detach concurrently if primary key references
  unique check constraint default begin commit rollback vacuum analyze explain copy truncate window over partition
  filter within asc desc nulls first last true false interval cast conflict do nothing system show reset`.split(
    /\s+/,
  ),
);

/** SQL in pieces of one colour; joining the texts gives the input back. */
export function colouredSql(sql: string): { kind: SqlColour; text: string }[] {
  const pieces: { kind: SqlColour; text: string }[] = [];
  for (const token of sqlTokens(sql)) {
    const kind = colourOf(token);
    const last = pieces.at(-1);
    if (kind === "plain" && last?.kind === "plain") last.text += token.text;
    else pieces.push({ kind, text: token.text });
  }
  return pieces;
}

function colourOf({ kind, text }: SqlToken): SqlColour {
  if (kind === "literal") return "string";
  if (kind === "word") return keywords.has(text.toLowerCase()) ? "keyword" : "plain";
  return kind === "number" || kind === "comment" || kind === "parameter" ? kind : "plain";
}
