import type { Sql } from "postgres";

/**
 * A look whose statements all see one moment: what others commit meanwhile is not half seen. A transaction begun within it is a
 * part of it, and what that set and locked is given up with its end.
 */
export function inSnapshot<T>(look: (sql: Sql) => Promise<T>): (sql: Sql) => Promise<T> {
  return async (sql) => {
    const answer = await sql.begin("isolation level repeatable read read only", (transaction) =>
      look(nesting(transaction as unknown as Sql)),
    );
    return answer as T;
  };
}

function nesting(sql: Sql): Sql {
  return new Proxy(sql, {
    get(target, property, receiver) {
      if (property !== "begin") return Reflect.get(target, property, receiver);
      return async (...args: unknown[]) => {
        const run = args.pop() as (inner: Sql) => Promise<unknown>;
        await target.unsafe("SAVEPOINT nested");
        try {
          return await run(nesting(target));
        } finally {
          // Nothing was written; of a connection that is lost the caller hears by itself.
          await target.unsafe("ROLLBACK TO SAVEPOINT nested").catch(() => {});
        }
      };
    },
  });
}
