import type { Sql } from "postgres";
import { inTransaction } from "./transaction.ts";

const tagged = new WeakMap<TemplateStringsArray, Map<string, TemplateStringsArray>>();

/**
 * A client whose statements carry `/* dashboard:name *\/` behind their first word, so that pg_stat_activity and
 * pg_stat_statements tell which question of ours a statement answers. Not in front of it: from PostgreSQL 18 on
 * pg_stat_statements drops a leading comment.
 */
export function tagStatements(sql: Sql, name: string): Sql {
  return new Proxy(sql, {
    apply(target, self, args: unknown[]) {
      const [strings, ...values] = args;
      const call = isTemplate(strings) ? [tag(strings, name), ...values] : args;
      return Reflect.apply(target as unknown as (...a: unknown[]) => unknown, self, call);
    },
    get(target, property, receiver) {
      const value = Reflect.get(target, property, receiver) as unknown;
      if (property === "begin") {
        return (...args: unknown[]) => {
          const run = args.pop() as (inner: Sql) => Promise<unknown>;
          return inTransaction(receiver as Sql, String(args[0] ?? ""), run);
        };
      }
      if (property === "unsafe" && typeof value === "function") {
        return (text: string, ...rest: unknown[]) => value.call(target, insertTag(text, name), ...rest);
      }
      return value;
    },
  });
}

const verb =
  /^\s*(?:select|with|insert|update|delete|merge|values|explain|prepare|execute|set|show|lock|copy|begin|commit|rollback|deallocate)\b/i;

/** Behind the first word of a statement; in front of a fragment, where a word may be half of something. */
function insertTag(text: string, name: string): string {
  const comment = `/* dashboard:${name} */`;
  const first = verb.exec(text)?.[0];
  return first ? `${first} ${comment}${text.slice(first.length)}` : `${comment} ${text}`;
}

function isTemplate(value: unknown): value is TemplateStringsArray {
  return Array.isArray(value) && "raw" in value;
}

/** The same template gives the same array, by which the driver recognises a statement it has prepared. */
function tag(strings: TemplateStringsArray, name: string): TemplateStringsArray {
  const known = tagged.get(strings) ?? new Map<string, TemplateStringsArray>();
  tagged.set(strings, known);
  let result = known.get(name);
  if (!result) {
    const parts = [insertTag(strings[0] ?? "", name), ...strings.slice(1)];
    result = Object.assign(parts, { raw: parts }) as TemplateStringsArray;
    known.set(name, result);
  }
  return result;
}
