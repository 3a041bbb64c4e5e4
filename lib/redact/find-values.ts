import type { SqlToken } from "../sql-tokens.ts";
import { cryptography, isSecretName } from "./secret-names.ts";

/** A token that is neither space nor comment; `before`: of a literal, whether its text ends where a secret would begin. */
export type Piece = SqlToken & { before?: boolean; asksFor?: boolean };

const connecting = new Set("to is not in any some all like ilike as default using".split(" "));
const rowSources = new Set("values select overriding in with".split(" "));

/**
 * Which of a statement's tokens are values of something secret: what follows a secret name up to the end of the expression,
 * the arguments of functions that take keys, the rows put into columns of such a name.
 */
export function findValues(pieces: readonly Piece[]): Set<Piece> {
  const values = new Set<Piece>();
  const lists: { secret: boolean }[] = [];
  const ends = listEnds(pieces);
  let [rest, setting] = [false, false];
  /** Up to here it is known to be secret. */
  let until = 0;
  pieces.forEach((piece, i) => {
    const { kind, text } = piece;
    const word = kind === "word" ? text.toLowerCase() : "";
    const inside = i < until;
    if (text === ";") [rest, setting] = [false, false];
    if (word === "set") setting = /^(?:set|alter)$/i.test(statementWord(pieces, i));
    if (text === "(") lists.push({ secret: false });
    if (text === ")" && lists.pop()?.secret && beginsRows(pieces[i + 1])) rest = true;
    const named = isNamed(piece);
    const list = lists.at(-1);
    if (named && list) list.secret = true;
    // Within a value there is no longer one: what was looked through once is not looked through again.
    if (named && i + 1 >= until)
      until = Math.max(until, valueEnd(pieces, i + 1, setting && isAssigned(pieces[i + 1])));
    if (piece.asksFor || (cryptography.test(word) && pieces[i + 1]?.text === "("))
      until = Math.max(until, ends[word ? i + 2 : i] ?? pieces.length);
    const isProgram = kind === "literal" && pieces[i - 1]?.text.toLowerCase() === "program";
    if (kind === "literal" && (rest || inside || isProgram)) values.add(piece);
    else if (kind === "number" && inside && isAssigned(pieces[i - 1])) values.add(piece);
    else if (/word|identifier/.test(kind) && inside && setting && isAssigned(pieces[i - 1]))
      values.add(piece);
  });
  return values;
}

function isNamed({ kind, text, before }: Piece): boolean {
  if (kind === "identifier") return isSecretName(text.replace(/^u&|"/gi, ""));
  return kind === "word" ? isSecretName(text) : before === true;
}

const isAssigned = (piece: Piece | undefined) => piece !== undefined && /^(?:=|>|to)$/i.test(piece.text);

const beginsRows = (next: Piece | undefined) =>
  next !== undefined && (next.text === "=" || rowSources.has(next.text.toLowerCase()));

/** The first word of the statement a piece belongs to; looks back no further than a name and its schema take. */
function statementWord(pieces: readonly Piece[], at: number): string {
  for (let i = at; i > at - 12; i--) if (i === 0 || pieces[i - 1]?.text === ";") return pieces[i]?.text ?? "";
  return "";
}

/** The end of the expression that begins behind a name: one operand, and with each operator one more. */
function valueEnd(pieces: readonly Piece[], from: number, takesWord: boolean): number {
  let [depth, wanted] = [0, false];
  let i = from;
  while (isConnection(pieces[i])) if (pieces[i++]?.text === "(") depth++;
  if (i === from && pieces[i]?.kind !== "literal") return from;
  wanted = true;
  for (; i < pieces.length; i++) {
    const { kind, text } = pieces[i] as Piece;
    const word = kind === "word" ? text.toLowerCase() : "";
    if (text === ";") break;
    if (text === "(" || text === "[" || word === "case") depth++;
    else if (text === ")" || text === "]" || (word === "end" && depth > 0)) {
      if (--depth < 0) break;
      wanted = false;
    } else if (depth > 0) continue;
    else if (text === ",") {
      if (!takesWord) break;
      wanted = true;
    } else if (kind === "operator") wanted = true;
    else if (wanted || (kind === "literal" && pieces[i - 1]?.kind === "word")) wanted = false;
    else break;
  }
  return i;
}

function isConnection(piece: Piece | undefined): boolean {
  if (!piece) return false;
  return piece.kind === "operator"
    ? "=:><!~,|(.?-@".includes(piece.text)
    : piece.kind === "word" && connecting.has(piece.text.toLowerCase());
}

/** For each piece where the list ends that it stands in. */
function listEnds(pieces: readonly Piece[]): number[] {
  let open: number[] = [];
  let statementEnd = pieces.length;
  const ends = new Array<number>(pieces.length);
  for (let i = pieces.length - 1; i >= 0; i--) {
    const text = pieces[i]?.text;
    if (text === ";") {
      open = [];
      statementEnd = i;
    }
    if (text === "(") open.pop();
    ends[i] = open.at(-1) ?? statementEnd;
    if (text === ")") open.push(i);
  }
  return ends;
}
