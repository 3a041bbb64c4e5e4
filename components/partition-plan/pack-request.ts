import { parseQualified, quoteQualified } from "@/lib/quote-sql.ts";

interface Packable {
  verb: string;
  relations?: readonly { schema?: string | undefined; name: string }[];
  /** The longest that others may be made to wait, where it is not the usual time. */
  lockTimeoutMs?: number;
}

/**
 * A request as an address carries it: its JSON, with relations as text, each as the number of characters it shares with
 * the one before and the rest. 200 selected partitions are 2 kB so; as objects they would be 12 kB, and an address of
 * 16 kB is refused.
 */
export function packRequest(request: Packable): string {
  const { relations, ...rest } = request;
  if (!relations) return JSON.stringify(rest);
  let last = "";
  const packed = relations.map(({ schema = "public", name }) => {
    const whole = quoteQualified(schema, name);
    let shared = 0;
    while (shared < last.length && last[shared] === whole[shared]) shared++;
    last = whole;
    return `${shared}.${whole.slice(shared)}`;
  });
  return JSON.stringify({ ...rest, relations: packed });
}

/** What `packRequest` wrote; null for a text that is none. The server judges the rest. */
export function unpackRequest(text: string): Packable | null {
  try {
    const request: unknown = JSON.parse(text);
    if (typeof request !== "object" || request === null || !("verb" in request)) return null;
    if ("lockTimeoutMs" in request && !isLockTimeout(request.lockTimeoutMs)) return null;
    if (!("relations" in request)) return request as Packable;
    return { ...request, relations: unpackNames(request.relations) } as Packable;
  } catch {
    return null;
  }
}

/** What others may be made to wait, in milliseconds. */
export function isLockTimeout(milliseconds: unknown): milliseconds is number {
  return Number.isInteger(milliseconds) && Number(milliseconds) >= 1 && Number(milliseconds) <= 5_000;
}

function unpackNames(packed: unknown) {
  if (!Array.isArray(packed)) throw new Error("no list of relations");
  let last = "";
  return packed.map((each) => {
    const [, shared, rest = ""] = /^(\d+)\.(.*)$/su.exec(String(each)) ?? [];
    if (shared === undefined) throw new Error("no name of a relation");
    last = last.slice(0, Number(shared)) + rest;
    const relation = parseQualified(last);
    if (!relation) throw new Error("no name of a relation");
    return { schema: relation.schema ?? "public", name: relation.name };
  });
}
