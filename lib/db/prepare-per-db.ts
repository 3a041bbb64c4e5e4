import type { Queryable } from "./console-db.ts";

/**
 * A statement that is asked with every request: drizzle writes its text once a client (0.2 ms of CPU), and as it has a
 * name the server parses it once a connection, and one round trip answers it instead of two.
 */
export function preparePerDb<T>(prepare: (db: Queryable) => T): (db: Queryable) => T {
  const prepared = new WeakMap<Queryable, T>();
  return (db) => {
    const known = prepared.get(db);
    if (known) return known;
    const statement = prepare(db);
    prepared.set(db, statement);
    return statement;
  };
}
